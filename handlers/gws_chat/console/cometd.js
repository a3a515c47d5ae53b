// A CometD client over long-polling. If the service no longer knows the session (402), it opens a new one.

import { pause } from './elements.js';

const RETRY_INTERVAL = 1000; // milliseconds

// Listens until the signal is aborted or `onLost` returns false.
// - `exchange(messages, signal)` posts messages and returns those of the response. Without a signal, the request is
//   sent even if the page is left.
// - `onSubscribed` is called for each new session. Events from before then are not delivered.
// - `onEvent` is called with each event.
// - `onLost` is called with the error that ended a session, and returns whether to open a new one.
export async function listen(exchange, subscription, { onSubscribed, onEvent, onLost }, signal) {
  let session;
  addEventListener('pagehide', () => session?.close(), { signal });
  while (!signal.aborted) {
    session = new Session(exchange, onEvent, signal);
    try {
      await session.open(subscription);
      onSubscribed();
      await session.poll();
    } catch (error) {
      if (!signal.aborted) {
        if (!onLost(error)) return;
        await pause(RETRY_INTERVAL);
      }
    }
    if (signal.aborted) await session.close();
  }
}

class Session {
  constructor(exchange, onEvent, signal) {
    this.exchange = exchange;
    this.onEvent = onEvent;
    this.signal = signal;
    this.messageCount = 0;
  }

  async open(subscription) {
    const reply = await this.send('/meta/handshake', { version: '1.0', supportedConnectionTypes: ['long-polling'] });
    if (!reply.successful) throw new Error(reply.error);
    this.clientId = reply.clientId;
    const { successful, error } = await this.send('/meta/subscribe', { subscription });
    if (!successful) throw new Error(error);
  }

  // Sends connects until the service advises a new handshake.
  async poll() {
    let advice = { reconnect: 'retry', interval: 0 };
    while (advice.reconnect === 'retry') {
      const reply = await this.send('/meta/connect', { connectionType: 'long-polling' });
      advice = { ...advice, ...reply.advice };
      if (!reply.successful && advice.reconnect === 'retry') throw new Error(reply.error);
      await pause(advice.interval);
    }
    if (advice.reconnect === 'none') throw new Error('the service ended the session');
  }

  // Ends the session on the service. Ignores errors.
  async close() {
    if (!this.clientId) return;
    const message = { channel: '/meta/disconnect', clientId: this.clientId };
    await this.exchange([message]).catch(() => {});
  }

  // Sends one message, handles the events in the response, and returns the reply.
  async send(channel, fields) {
    this.messageCount += 1;
    const message = { channel, id: String(this.messageCount), clientId: this.clientId, ...fields };
    const messages = await this.exchange([message], this.signal);
    for (const received of messages) {
      if (!received.channel.startsWith('/meta/')) this.onEvent(received);
    }
    return messages.find((received) => received.channel === channel);
  }
}
