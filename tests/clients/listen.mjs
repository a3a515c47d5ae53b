// An agent's desktop by CometD's own client, in Node.js as in a page. `report` is told each step.

export function listen(cometd, { url, user, password, channel }, report) {
  cometd.unregisterTransport('websocket'); // as the vendor's clients do
  cometd.configure({
    url: `${url}/api/v2/notifications`,
    requestHeaders: { Authorization: `Basic ${btoa(`${user}:${password}`)}` },
  });
  const tell = ({ channel, data }) => {
    if (!channel.startsWith('/meta/')) report({ told: { channel, data } }); // /** hears the client's own, too
  };
  // The client shakes hands again by itself where its session is unknown, but leaves subscribing to others.
  cometd.addListener('/meta/handshake', ({ successful }) => {
    if (successful) cometd.subscribe(channel, tell, ({ successful }) => report({ subscribed: successful }));
  });
  cometd.handshake();
}

export function signOut(cometd, report) {
  // A connect may reach the service after the disconnect. Then it is unknown, and at this word the client gives
  // up on the other answer.
  let unknown = false;
  cometd.addListener('/meta/connect', ({ error }) => { unknown ||= error === '402::Unknown client'; });
  return new Promise((resolve) => {
    cometd.disconnect(({ successful }) => resolve(report({ disconnected: successful || unknown })));
  });
}
