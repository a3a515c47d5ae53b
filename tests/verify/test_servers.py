"""The command `gws-chat verify` against servers without a verdict, and its options."""

import json
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from tests.service import free_port
from tests.verify.runs import SCENARIO, verify

NONSENSE = {
    "HTML": (200, "text/html", "<html>"),
    "an array": (200, "application/json", "[]"),
    "another API": (404, "application/json", '{"error": "not found"}'),
    "half of a GWS": (200, "application/json", '{"statusCode": 0}'),
    "a wrong type": (200, "application/json", '{"statusCode": "0", "user": []}'),
    "an empty user": (200, "application/json", '{"statusCode": 0, "user": {}}'),
    "no JSON": (200, "application/json", '{"statusCode": 0,'),
}
FOUND = 302


@contextmanager
def stub(responses):
    """Serve what `responses` returns for a path: status, media type and body."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, media_type, body = responses(self.path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            if status == FOUND:
                self.send_header("Location", body)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = respond  # noqa: N815 - the names of http.server

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("response", NONSENSE.values(), ids=NONSENSE)
def test_something_that_is_no_gws_gets_no_verdict(response):
    with stub(lambda _: response) as url:
        status, output, error = verify(url)

    assert (2, "") == (status, output)
    assert f"no verdict: {url} is not a GWS" in error


def test_redirect_is_named():
    with stub(lambda _: (FOUND, "text/plain", "https://user:secret@gws.example/api/v2/me?token=secret")) as url:
        found = verify(url)

    assert (2, "", f"no verdict: {url} redirects to ***@gws.example/api/v2/me (HTTP 302), see --url\n") == found


def test_nonsense_after_the_sign_in_differs():
    user = json.dumps({"statusCode": 0, "user": {"id": "1", "contactCenterId": "1", "secret": "secret1"}})

    with stub(lambda path: (200, "application/json", user if "/me?" in path else '["secret1"]')) as url:
        status, output, _ = verify(url, "--timeout", "0.5", "--chat-timeout", "0.1", agents=["agent1:secret1"])

    assert 1 == status
    assert "cometd.start" in output
    assert "secret1" not in output


def test_nobody_listening_gets_no_verdict():
    url = f"http://127.0.0.1:{free_port()}"

    assert (2, "", f"no verdict: cannot reach {url}: Connection refused\n") == verify(url)


def test_silent_server_gets_no_verdict():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        status, _, error = verify(url, "--timeout", "0.2")

    assert (2, f"no verdict: cannot reach {url}: no response within 0.2 s\n") == (status, error)


@pytest.mark.gws_chat(scenario=SCENARIO)
def test_rejected_credentials_get_no_verdict(gws_chat):
    status, output, error = verify(gws_chat.url, agents=["agent1:secret1", "agent2:wrong-password"])

    assert (2, "") == (status, output)
    assert "no verdict: the server rejects the credentials of agent agent2 (HTTP 403)\n" == error


def test_unwritable_file_is_found_before_the_run(tmp_path):
    path = tmp_path / "missing" / "report.json"

    found = verify("http://127.0.0.1:9", "--json", path)

    assert (2, "", f"no verdict: cannot write {path}: No such file or directory\n") == found


@pytest.mark.parametrize(
    ("options", "agents", "message"),
    [
        ([], ["agent1"], "--agent: must be NAME:PASSWORD"),
        ([], ["a:b", "a:b"], "--agent: must be different agents, got a, a"),
        (
            ["--customer-url", "ftp://x"],
            ["a:b"],
            "--customer-url: must be a URL such as http://server:8090, got 'ftp://x'",
        ),
        (
            ["--customer-url", "http://u:secret@ho st:x"],
            ["a:b"],
            "--customer-url: must be a URL such as http://server:8090, got '***@ho st:x'",
        ),
        (["--expect", "tests/schemathesis.toml"], ["a:b"], "tests/schemathesis.toml: must be YAML"),
    ],
)
def test_invalid_options_get_no_verdict(options, agents, message):
    status, output, error = verify("http://127.0.0.1:9", *options, agents=agents)

    assert (2, "") == (status, output)
    assert error.startswith(f"no verdict: {message}")


@pytest.mark.gws_chat(scenario=SCENARIO)
def test_reader_that_ends_early_keeps_the_status(gws_chat):
    arguments = ["--url", gws_chat.url, "--agent", "agent1:secret1", "--agent", "agent2:secret2", "--settle", "0.02"]
    with subprocess.Popen(
        [sys.executable, "-m", "gws_chat", "verify", *arguments], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.close()

        assert b"Error" not in process.stderr.read()
    assert 0 == process.returncode


@pytest.mark.gws_chat(scenario=SCENARIO)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_chats_and_sessions(number, gws_chat):
    arguments = ["--url", gws_chat.url, "--agent", "agent1:secret1", "--agent", "agent2:secret2"]
    with subprocess.Popen(
        [sys.executable, "-m", "gws_chat", "verify", *arguments], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        gws_chat.wait_for_notification(kind="NewMessages", timeout=20)
        process.send_signal(number)
        process.stderr.readline()
        process.send_signal(number)  # again, during the clean-up
        output, error = process.communicate()

    assert (2, b"") == (process.returncode, output)
    assert error.endswith(b"no verdict: interrupted; the chats and sessions of this run have been ended\n")
    found = httpx2.get(f"{gws_chat.url}/simulation/state").json()
    assert ([], [0, 0, 0]) == (found["chats"], [each["sessions"] for each in found["agents"]])
