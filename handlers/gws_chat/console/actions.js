// Requests of this page to /simulation. The journal does not have them, so the page records them for its traffic.

import { RequestRejected, simulate } from './service.js';

const AFTER_ALL = '9223372036854775807';

export class Actions {
  // `onStart` and `onEnd` are called with each request, before it is sent and with its response. It has the form of an
  // entry of the journal; `before` and `after` are the positions of the journal around it.
  constructor({ onStart, onEnd }) {
    Object.assign(this, { onStart, onEnd });
  }

  // The action also has the path to which a desktop sends this request.
  asAgent(chat, agent, body) {
    const desktopPath = `/api/v2/me/chats/${encodeURIComponent(chat)}`;
    const path = `chats/${encodeURIComponent(chat)}/agents/${encodeURIComponent(agent)}`;
    return this.perform(body.operationName, path, body, { agent, chat, desktopPath });
  }

  asCustomer(chat, body) {
    return this.perform(body.operationName, `chats/${encodeURIComponent(chat)}/customer`, body, { chat });
  }

  // Sends the request and returns the content of the response. `operation` is its name in the traffic.
  async perform(operation, path, body, { method = 'POST', ...about } = {}) {
    const action = {
      kind: 'request',
      at: new Date().toISOString(),
      ...about,
      method,
      path: `/simulation/${path}`,
      operation,
      before: await position(),
    };
    if (body !== undefined) action.requestBody = JSON.stringify(body);
    this.onStart(action);
    try {
      const content = await simulate(path, body, method);
      Object.assign(action, { status: 200, statusCode: 0, responseBody: JSON.stringify(content) });
      return content;
    } catch (error) {
      if (error instanceof RequestRejected) {
        Object.assign(action, { status: error.status, ...error.content, responseBody: JSON.stringify(error.content) });
      } else action.statusMessage = error.message;
      throw error;
    } finally {
      action.after = await position().catch(() => action.before);
      this.onEnd(action);
    }
  }
}

// Returns the position of the latest entry of the journal.
export async function position() {
  return (await simulate(`journal?after=${AFTER_ALL}`)).position;
}
