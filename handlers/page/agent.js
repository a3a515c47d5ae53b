// One agent who has signed in: what it is told, and its chats.

import { ChatView } from './chat.js';
import { listen } from './cometd.js';
import { button, clockTime, make } from './elements.js';
import { AGENT_OPERATIONS } from './operations.js';
import { Refusal } from './service.js';

const MOST_NOTIFICATIONS = 200;
const SESSION_OPERATIONS = ['StartContactCenterSession', 'EndContactCenterSession'];

export class Agent {
  // `user` is what GET /me tells, `request` asks as this agent, `known` returns all users of the page.
  constructor(user, request, known, signedOut) {
    this.user = user;
    this.request = request;
    this.known = known;
    this.views = new Map();
    this.lastStates = new Map();
    this.reading = Promise.resolve();
    this.ending = new AbortController();
    this.status = make('span', { class: 'badge', role: 'status' }, 'connecting');
    this.fault = make('p', { class: 'fault', role: 'alert' });
    this.count = make('span', {}, '0');
    this.notifications = make('ol', { class: 'notifications', 'aria-label': 'Notifications', tabindex: 0 });
    this.chats = make('div', { class: 'chats' });
    const signOut = button('Sign out', () => { this.ending.abort(); this.element.remove(); signedOut(); });
    this.element = make(
      'section',
      { class: 'panel', 'aria-label': `Agent ${user.userName}`, 'data-agent': user.userName },
      make('header', {}, make('h2', {}, user.userName), this.status, signOut),
      make('div', { class: 'row' }, ...SESSION_OPERATIONS.map((name) => button(name, () => this.#session(name)))),
      this.fault,
      make('details', { open: '' }, make('summary', {}, 'Notifications ', this.count), this.notifications),
      make('h3', {}, 'Chats'),
      this.chats,
    );
    this.#listen();
  }

  async #listen() {
    await listen(
      (messages, signal) => this.request('notifications', messages, signal),
      '/v2/me/chats',
      {
        ready: () => this.#ready(),
        told: ({ data }) => this.#told(data),
        lost: (error) => this.#lost(error),
      },
      this.ending.signal,
    );
  }

  #ready() {
    this.status.textContent = 'listening';
    this.fault.textContent = '';
    for (const view of this.views.values()) view.forgetMessages();
    this.#readLater(true);
  }

  // Tries again, unless it is the agent that the service refuses.
  #lost(error) {
    const isRefused = error instanceof Refusal;
    this.status.textContent = isRefused ? 'refused' : 'lost, trying again';
    this.fault.textContent = error.message;
    return !isRefused;
  }

  #told(data) {
    this.#note(data);
    if (data.messageType === 'MessageLogUpdated') {
      this.views.get(data.chatPath.split('/').pop())?.add(data.messages);
    } else {
      this.lastStates.set(data.chat.id, data.chat.state);
      this.#readLater(false);
    }
  }

  #note(data) {
    const what = data.chat ? data.chat.state : data.messages.map(({ type }) => type).join(', ');
    const id = data.chat ? data.chat.id : data.chatPath.split('/').pop();
    const head = make('summary', {}, clockTime(new Date()), ` ${data.notificationType} `, make('b', {}, what), ' ', make('code', {}, id));
    const whole = make('pre', { tabindex: 0 }, JSON.stringify(data, null, 2));
    this.notifications.prepend(make('li', {}, make('details', {}, head, whole)));
    this.count.textContent = String(Number(this.count.textContent) + 1);
    if (this.notifications.children.length > MOST_NOTIFICATIONS) this.notifications.lastElementChild.remove();
  }

  // A notification says that something changed; how everything is now, the list says. One after the other, so
  // that an older answer does not overtake a newer one.
  #readLater(afresh) {
    this.reading = this.reading.then(() => this.#read(afresh)).catch((error) => { this.fault.textContent = error.message; });
  }

  async #read(afresh) {
    const { chats } = await this.request('me/chats?fields=*');
    for (const chat of chats) {
      const view = this.views.get(chat.id) ?? this.#newView(chat.id);
      if (afresh || view.state !== chat.state) {
        const { messages } = await this.request(`me/chats/${chat.id}/messages`);
        view.add(messages);
      }
      view.show(chat);
    }
    const present = new Set(chats.map(({ id }) => id));
    for (const [id, view] of this.views) {
      if (!present.has(id)) view.end(this.lastStates.get(id) ?? 'gone');
    }
  }

  #newView(id) {
    const view = new ChatView(id, AGENT_OPERATIONS, {
      perform: (body) => this.request(`me/chats/${id}`, body),
      suggestions: (participants) => this.#others(participants),
      dismiss: () => { this.views.delete(id); view.element.remove(); },
    });
    this.views.set(id, view);
    this.chats.prepend(view.element); // what came last is looked for first
    return view;
  }

  // Whom to ask in or send out, as far as the page knows them: who has signed in here, and who is in the chat.
  #others(participants) {
    const agents = [
      ...this.known().map(({ path, userName }) => [path, userName]),
      ...participants.filter(({ path }) => path).map(({ path, nickname }) => [path, nickname]),
    ];
    return [...new Map(agents)].filter(([path]) => path !== this.user.path);
  }

  async #session(operationName) {
    this.fault.textContent = '';
    try {
      await this.request('me', { operationName });
    } catch (error) {
      this.fault.textContent = `${operationName}: ${error.message}`;
    }
  }
}
