// The panel of a signed-in agent: its notifications and chats.

import { ChatView } from './chat.js';
import { listen } from './cometd.js';
import { button, clockTime, make } from './elements.js';
import { AGENT_OPERATIONS } from './operations.js';
import { RequestRejected } from './service.js';

const MAX_NOTIFICATIONS = 200;
const SESSION_OPERATIONS = ['StartContactCenterSession', 'EndContactCenterSession'];

export class AgentPanel {
  // `user` is the user of GET /me. `request` sends requests as this agent. `signedInUsers` returns the users of
  // all agents on the page. `onSignOut` is called when the agent signs out.
  constructor(user, request, signedInUsers, onSignOut) {
    this.user = user;
    this.request = request;
    this.signedInUsers = signedInUsers;
    this.views = new Map();
    this.lastStates = new Map();
    this.refreshing = Promise.resolve();
    this.abortController = new AbortController();
    this.status = make('span', { class: 'badge', role: 'status' }, 'connecting');
    this.error = make('p', { class: 'error', role: 'alert' });
    this.count = make('span', {}, '0');
    this.notifications = make('ol', { class: 'notifications', 'aria-label': 'Notifications', tabindex: 0 });
    this.chats = make('div', { class: 'chats' });
    const signOut = button('Sign out', () => { this.abortController.abort(); this.element.remove(); onSignOut(); });
    this.element = make(
      'section',
      { class: 'panel', 'aria-label': `Agent ${user.userName}`, 'data-agent': user.userName },
      make('header', {}, make('h2', {}, user.userName), this.status, signOut),
      make('div', { class: 'row' }, ...SESSION_OPERATIONS.map((name) => button(name, () => this.#performSessionOperation(name)))),
      this.error,
      make('details', { open: '' }, make('summary', {}, 'Notifications ', this.count), this.notifications),
      make('h3', {}, 'Chats'),
      this.chats,
    );
    this.#listen();
  }

  async #listen() {
    await listen(
      (messages, signal) => this.request('notifications', messages, signal, { keepalive: !signal }),
      '/v2/me/chats',
      {
        onSubscribed: () => this.#onSubscribed(),
        onEvent: ({ data }) => this.#onNotification(data),
        onLost: (error) => this.#onLost(error),
      },
      this.abortController.signal,
    );
  }

  #onSubscribed() {
    this.status.textContent = 'listening';
    this.error.textContent = '';
    for (const view of this.views.values()) view.clearMessages();
    this.#queueRefresh({ allMessages: true });
  }

  // Shows the error. Returns whether to retry: not after the service rejected a request.
  #onLost(error) {
    const isRejected = error instanceof RequestRejected;
    this.status.textContent = isRejected ? 'rejected' : 'disconnected, retrying';
    this.error.textContent = error.message;
    return !isRejected;
  }

  #onNotification(data) {
    this.#show(data);
    if (data.messageType === 'MessageLogUpdated') {
      this.views.get(data.chatPath.split('/').pop())?.addMessages(data.messages);
    } else {
      this.lastStates.set(data.chat.id, data.chat.state);
      this.#queueRefresh({ allMessages: false });
    }
  }

  // Adds a notification to the list.
  #show(data) {
    const summary = data.chat ? data.chat.state : data.messages.map(({ type }) => type).join(', ');
    const id = data.chat ? data.chat.id : data.chatPath.split('/').pop();
    const heading = make('summary', {}, clockTime(new Date()), ` ${data.notificationType} `, make('b', {}, summary), ' ', make('code', {}, id));
    const content = make('pre', { tabindex: 0 }, JSON.stringify(data, null, 2));
    this.notifications.prepend(make('li', {}, make('details', {}, heading, content)));
    this.count.textContent = String(Number(this.count.textContent) + 1);
    if (this.notifications.children.length > MAX_NOTIFICATIONS) this.notifications.lastElementChild.remove();
  }

  // Reads the chats after all earlier refreshes, so that an older response does not overwrite a newer one.
  #queueRefresh(options) {
    this.refreshing = this.refreshing.then(() => this.#refresh(options)).catch((error) => { this.error.textContent = error.message; });
  }

  // Reads and shows the chats. Reads the messages of all chats, or only of new chats and chats in a new state.
  async #refresh({ allMessages }) {
    const { chats } = await this.request('me/chats?fields=*');
    for (const chat of chats) {
      const view = this.views.get(chat.id) ?? this.#addView(chat.id);
      if (allMessages || view.state !== chat.state) {
        const { messages } = await this.request(`me/chats/${chat.id}/messages`);
        view.addMessages(messages);
      }
      view.show(chat);
    }
    const listedIds = new Set(chats.map(({ id }) => id));
    for (const [id, view] of this.views) {
      if (!listedIds.has(id)) view.showEnd(this.lastStates.get(id) ?? 'removed');
    }
  }

  #addView(id) {
    const view = new ChatView(id, AGENT_OPERATIONS, {
      perform: (body) => this.request(`me/chats/${id}`, body),
      suggestions: (participants) => this.#otherAgents(participants),
      dismiss: () => { this.views.delete(id); view.element.remove(); },
    });
    this.views.set(id, view);
    this.chats.prepend(view.element); // newest first
    return view;
  }

  // Returns [path, name] of the other agents that the page knows: those signed in here and those in the chat.
  #otherAgents(participants) {
    const agents = [
      ...this.signedInUsers().map(({ path, userName }) => [path, userName]),
      ...participants.filter(({ path }) => path).map(({ path, nickname }) => [path, nickname]),
    ];
    return [...new Map(agents)].filter(([path]) => path !== this.user.path);
  }

  async #performSessionOperation(operationName) {
    this.error.textContent = '';
    try {
      await this.request('me', { operationName });
    } catch (error) {
      this.error.textContent = `${operationName}: ${error.message}`;
    }
  }
}
