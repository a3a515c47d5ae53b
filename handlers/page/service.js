// Requests to the API, as an agent or as a customer. No cookie goes along, so that several agents can share
// the page; each request says who asks.

const API = new URL('api/v2/', document.baseURI);
const WITHOUT_COOKIE = 'Missing or invalid Csrf token';

// What the service said to a request that it did not take.
export class Refusal extends Error {
  constructor({ statusCode, statusMessage }) {
    const why = statusMessage === WITHOUT_COOKIE
      ? ': this page sends no cookie, so it can only look on where --csrf-protection is set' : '';
    super(`${statusMessage} (statusCode ${statusCode})${why}`);
  }
}

// Both return a function that asks for a path below /api/v2, or posts a body to it, and returns the answer. It
// throws a Refusal, and Unreachable if there is no answer.
export function asAgent(userName, password) {
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return requestWith({ Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` });
}

export function asCustomer() {
  return requestWith({ ContactCenterId: 'page' });
}

export class Unreachable extends Error {}

function requestWith(who) {
  return async (path, body, signal) => {
    const options = { headers: who, credentials: 'omit', cache: 'no-store', signal };
    if (body !== undefined) {
      options.method = 'POST';
      options.headers = { ...who, 'Content-Type': 'application/json' };
      options.body = JSON.stringify(body);
    }
    const [answer, content] = await answered(new URL(path, API), options);
    if (!answer.ok) throw new Refusal(content);
    return content;
  };
}

async function answered(address, options) {
  try {
    const answer = await fetch(address, options);
    return [answer, await answer.json()];
  } catch {
    throw new Unreachable('the service does not answer');
  }
}
