// Requests of this page to /simulation. They appear in the traffic by the journal, like those of other clients.

import { simulate } from './service.js';

export class Actions {
  // `onEnd` is called with the name of the operation after each request.
  constructor(onEnd) {
    this.onEnd = onEnd;
  }

  asAgent(chat, agent, body) {
    const path = `chats/${encodeURIComponent(chat)}/agents/${encodeURIComponent(agent)}`;
    return this.perform(body.operationName, path, body);
  }

  asCustomer(chat, body) {
    return this.perform(body.operationName, `chats/${encodeURIComponent(chat)}/customer`, body);
  }

  // Sends the request and returns the content of the response.
  async perform(operation, path, body, { method } = {}) {
    try {
      return await simulate(path, body, method);
    } finally {
      this.onEnd(operation);
    }
  }
}
