import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;

/** Sends an operation twice with the JDK's client in its default mode, which offers HTTP/2. Prints status and body. */
class Post {
    public static void main(String[] arguments) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("agent1:secret1".getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"operationName\": \"InFocus\"}"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        for (int times = 0; times < 2; times++) {
            var response = client.send(request, BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body());
        }
    }
}
