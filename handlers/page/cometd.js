// A Bayeux client by long-polling: handshake, subscribe, then one connect after the other. A session that the
// service has forgotten (402) is followed by another.

const RETRY_AFTER = 1000; // milliseconds

// Listens until the signal is aborted. `exchange` posts messages and returns the replies; `ready` is called
// whenever a session is subscribed, since what happened before is told by nobody; `told` gets each message;
// `lost` gets the error of a session that broke off, and says whether to try again.
export async function listen(exchange, subscription, { ready, told, lost }, signal) {
  while (!signal.aborted) {
    const session = new Session(exchange, told, signal);
    try {
      await session.open(subscription);
      ready();
      await session.poll();
    } catch (error) {
      if (!signal.aborted) {
        if (!lost(error)) return;
        await pause(RETRY_AFTER);
      }
    }
    if (signal.aborted) await session.close();
  }
}

class Session {
  constructor(exchange, told, signal) {
    this.exchange = exchange;
    this.told = told;
    this.signal = signal;
    this.count = 0;
  }

  async open(subscription) {
    const reply = await this.send('/meta/handshake', { version: '1.0', supportedConnectionTypes: ['long-polling'] });
    if (!reply.successful) throw new Error(reply.error);
    this.clientId = reply.clientId;
    const { successful, error } = await this.send('/meta/subscribe', { subscription });
    if (!successful) throw new Error(error);
  }

  // Ends when the service advises another handshake.
  async poll() {
    let advice = { reconnect: 'retry', interval: 0 };
    while (advice.reconnect === 'retry') {
      const reply = await this.send('/meta/connect', { connectionType: 'long-polling' });
      advice = { ...advice, ...reply.advice };
      if (!reply.successful && advice.reconnect === 'retry') throw new Error(reply.error);
      await pause(advice.interval);
    }
    if (advice.reconnect === 'none') throw new Error('the service has ended the session');
  }

  // Tells the service that nobody listens any more, if it still can.
  async close() {
    if (!this.clientId) return;
    const message = { channel: '/meta/disconnect', clientId: this.clientId };
    await this.exchange([message]).catch(() => {});
  }

  async send(channel, members) {
    this.count += 1;
    const message = { channel, id: String(this.count), clientId: this.clientId, ...members };
    const replies = await this.exchange([message], this.signal);
    for (const reply of replies) {
      if (!reply.channel.startsWith('/meta/')) this.told(reply);
    }
    return replies.find((reply) => reply.channel === channel);
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
