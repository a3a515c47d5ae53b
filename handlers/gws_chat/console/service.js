// Requests to the API as an agent or a customer. They send credentials in headers and no cookies, so that several
// agents can be signed in on one page.

const API = new URL('api/v2/', document.baseURI);
const CSRF_MESSAGE = 'Missing or invalid Csrf token';

// The service rejected a request.
export class RequestRejected extends Error {
  constructor({ statusCode, statusMessage }) {
    const hint = statusMessage === CSRF_MESSAGE
      ? ': this page sends no cookies, so it is read-only if the service runs with --csrf-protection' : '';
    super(`${statusMessage} (statusCode ${statusCode})${hint}`);
  }
}

// The service did not respond.
export class ServiceUnreachable extends Error {}

// Both functions return a function `request(path, body, signal)`. It sends a GET for the path below /api/v2, or a
// POST if there is a body, and returns the content of the response. It throws RequestRejected or
// ServiceUnreachable.
export function asAgent(userName, password) {
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return requestWith({ Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` });
}

export function asCustomer() {
  return requestWith({ ContactCenterId: 'console' });
}

function requestWith(headers) {
  return async (path, body, signal) => {
    const options = { headers, credentials: 'omit', cache: 'no-store', signal };
    if (body !== undefined) {
      options.method = 'POST';
      options.headers = { ...headers, 'Content-Type': 'application/json' };
      options.body = JSON.stringify(body);
    }
    const [response, content] = await fetchJson(new URL(path, API), options);
    if (!response.ok) throw new RequestRejected(content);
    return content;
  };
}

async function fetchJson(url, options) {
  try {
    const response = await fetch(url, options);
    return [response, await response.json()];
  } catch {
    throw new ServiceUnreachable('the service does not respond');
  }
}
