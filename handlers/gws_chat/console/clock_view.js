// The service's clock: its time, its next deadline, and the buttons that advance it.

import { simulate } from './service.js';

const MEANINGS = {
  invitation: 'an invitation expires', session: 'a CometD session ends', delay: 'the delay of a fault ends',
};

export class ClockView {
  // `advance(seconds)` advances the clock. `onDue` is called when a deadline has passed.
  constructor(element, { advance, onDue }) {
    Object.assign(this, { advance, onDue });
    this.time = element.querySelector('#service-time');
    this.deadline = element.querySelector('#deadline');
    this.button = element.querySelector('#advance-deadline');
    const onClick = (id, action) => element.querySelector(id).addEventListener('click', action);
    onClick('#advance-10', () => advance(10));
    onClick('#advance-60', () => advance(60));
    onClick('#advance-deadline', () => this.#advanceToDeadline());
    setInterval(() => this.#tick(), 1000);
  }

  // Shows the time of a state that the service has just returned.
  show({ now, nextDeadline }) {
    this.offset = new Date(now) - Date.now();
    this.next = nextDeadline;
    this.#tick();
  }

  #tick() {
    if (this.offset === undefined) return;
    const now = Date.now() + this.offset;
    this.time.textContent = new Date(now).toLocaleTimeString('en-GB');
    this.button.disabled = !this.next;
    if (!this.next) {
      this.deadline.textContent = 'nothing waits';
      return;
    }
    const seconds = Math.ceil((new Date(this.next.at) - now) / 1000);
    this.deadline.textContent = `${MEANINGS[this.next.kind]} in ${Math.max(seconds, 0)} s`;
    if (seconds < 0) {
      this.next = undefined;
      this.onDue();
    }
  }

  // Reads the deadline again, because it may have changed since it was shown.
  async #advanceToDeadline() {
    const { now, nextDeadline } = await simulate('state');
    if (!nextDeadline) return this.onDue();
    const milliseconds = Math.max(new Date(nextDeadline.at) - new Date(now), 0) + 1; // the service rounds down
    return this.advance(milliseconds / 1000);
  }
}
