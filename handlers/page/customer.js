// One customer: it has no CometD, so it asks again and again.

import { ChatView } from './chat.js';
import { button, make } from './elements.js';
import { CUSTOMER_OPERATIONS } from './operations.js';
import { Unreachable } from './service.js';

const LOOK_AGAIN_AFTER = 1000; // milliseconds

export class Customer {
  // `id` is the customer's own name for the chat, which RequestChat has answered.
  constructor(nickname, id, request) {
    this.path = `chats/${id}`;
    this.request = request;
    this.next = 1;
    this.view = new ChatView(id, CUSTOMER_OPERATIONS, {
      perform: async (body) => { await request(this.path, body); this.look(); },
      suggestions: () => [],
      dismiss: () => this.#dismiss(),
    });
    this.fault = make('p', { class: 'fault', role: 'alert' });
    this.element = make(
      'section',
      { class: 'panel', 'aria-label': `Customer ${nickname}`, 'data-customer': nickname },
      make('header', {}, make('h2', {}, nickname), make('span', { class: 'badge' }, 'customer'), button('Dismiss', () => this.#dismiss())),
      this.fault,
      this.view.element,
    );
  }

  // Shows the chat and what is new in it, and looks again later, unless it is over.
  async look() {
    clearTimeout(this.timer);
    let isOver = false;
    try {
      const { chat } = await this.request(this.path);
      const { messages } = await this.request(`${this.path}/messages?index=${this.next}`);
      this.view.show(chat);
      this.view.add(messages);
      this.next = Math.max(this.next, ...messages.map(({ index }) => index + 1));
      this.fault.textContent = '';
      isOver = chat.state === 'Idle';
    } catch (error) {
      this.fault.textContent = error.message;
      isOver = !(error instanceof Unreachable);
    }
    clearTimeout(this.timer);
    if (!isOver && !this.isDismissed) this.timer = setTimeout(() => this.look(), LOOK_AGAIN_AFTER);
  }

  #dismiss() {
    this.isDismissed = true;
    clearTimeout(this.timer);
    this.element.remove();
  }
}
