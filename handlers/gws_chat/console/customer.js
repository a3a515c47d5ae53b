// The panel of a customer. Customers have no CometD, so it polls the chat.

import { ChatView } from './chat.js';
import { button, make } from './elements.js';
import { CUSTOMER_OPERATIONS } from './operations.js';
import { ServiceUnreachable } from './service.js';

const POLL_INTERVAL = 1000; // milliseconds

export class CustomerPanel {
  // `id` is the chat ID that the customer uses, from the response to RequestChat. `onDismiss` is called when the user
  // removes the panel.
  constructor(nickname, id, request, onDismiss) {
    this.onDismiss = onDismiss;
    this.path = `chats/${id}`;
    this.request = request;
    this.nextIndex = 1;
    this.view = new ChatView(id, CUSTOMER_OPERATIONS, {
      perform: async (body) => { await request(this.path, body); this.refresh(); },
      suggestions: () => [],
      dismiss: () => this.#dismiss(),
    });
    this.error = make('p', { class: 'error', role: 'alert' });
    this.element = make(
      'section',
      { class: 'panel', 'aria-label': `Customer ${nickname}`, 'data-customer': nickname },
      make('header', {}, make('h2', {}, nickname), make('span', { class: 'badge' }, 'customer'), button('Dismiss', () => this.#dismiss())),
      this.error,
      this.view.element,
    );
  }

  // Shows the chat and its new messages. Schedules the next refresh unless the chat is over.
  async refresh() {
    clearTimeout(this.timer);
    let isOver = false;
    try {
      const { chat } = await this.request(this.path);
      const { messages } = await this.request(`${this.path}/messages?index=${this.nextIndex}`);
      this.view.show(chat);
      this.view.addMessages(messages);
      this.nextIndex = Math.max(this.nextIndex, ...messages.map(({ index }) => index + 1));
      this.error.textContent = '';
      isOver = chat.state === 'Idle';
    } catch (error) {
      this.error.textContent = error.message;
      isOver = !(error instanceof ServiceUnreachable);
    }
    clearTimeout(this.timer); // another refresh may have set it meanwhile
    if (!isOver && !this.isDismissed) this.timer = setTimeout(() => this.refresh(), POLL_INTERVAL);
  }

  #dismiss() {
    this.isDismissed = true;
    this.onDismiss();
    clearTimeout(this.timer);
    this.element.remove();
  }
}
