// Requests to the API as an agent or a customer, and to the simulation. They send credentials in headers and no
// cookies, so that several agents can be signed in on one page, and the session of a desktop is not touched.

const API = new URL('api/v2/', document.baseURI);
const SIMULATION = new URL('simulation/', document.baseURI);
const CSRF_MESSAGE = 'Missing or invalid Csrf token';

// The service rejected a request. `status` and `content` are those of the response.
export class RequestRejected extends Error {
  constructor(status, content) {
    const { statusCode, statusMessage } = content;
    const hint = statusMessage === CSRF_MESSAGE
      ? ': this page sends no cookies, so it is read-only if the service runs with --csrf-protection' : '';
    super(`${statusMessage} (statusCode ${statusCode})${hint}`);
    this.status = status;
    this.content = content;
  }
}

// The service did not respond.
export class ServiceUnreachable extends Error {}

// Both functions return a function `request(path, body, signal, {keepalive})`. It sends a GET for the path below
// /api/v2, or a POST if there is a body, and returns the content of the response. It throws RequestRejected or
// ServiceUnreachable. `keepalive` sends the request even if the page is left.
export function asAgent(userName, password) {
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return requestWith({ Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` });
}

export function asCustomer() {
  return requestWith({ ContactCenterId: 'console' });
}

// Sends a request below /simulation: a GET, or a POST if there is a body, unless `method` is given.
export function simulate(path, body, method) {
  return send(new URL(path, SIMULATION), { body, method });
}

function requestWith(headers) {
  return (path, body, signal, { keepalive = false } = {}) => (
    send(new URL(path, API), { body, headers, signal, keepalive })
  );
}

async function send(url, { body, headers = {}, signal, keepalive, method = body === undefined ? 'GET' : 'POST' }) {
  const options = { method, headers, credentials: 'omit', cache: 'no-store', signal, keepalive };
  if (body !== undefined) {
    options.headers = { ...headers, 'Content-Type': 'application/json' };
    options.body = JSON.stringify(body);
  }
  const [response, content] = await fetchJson(url, options);
  if (!response.ok) throw new RequestRejected(response.status, content);
  return content;
}

async function fetchJson(url, options) {
  try {
    const response = await fetch(url, options);
    return [response, await response.json()];
  } catch {
    throw new ServiceUnreachable('the service does not respond');
  }
}
