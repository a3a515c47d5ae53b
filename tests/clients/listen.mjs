// An agent desktop with CometD's own client, for Node.js and browsers. It passes each step to `report`.

export function listen(cometd, { url, user, password, channel }, report) {
  cometd.unregisterTransport('websocket'); // as the vendor's clients do
  cometd.configure({
    url: `${url}/api/v2/notifications`,
    requestHeaders: { Authorization: `Basic ${btoa(`${user}:${password}`)}` },
  });
  const onMessage = ({ channel, data }) => {
    if (!channel.startsWith('/meta/')) report({ notification: { channel, data } }); // /** includes /meta/ messages
  };
  // The client repeats the handshake itself when its session is unknown, but not the subscription.
  cometd.addListener('/meta/handshake', ({ successful }) => {
    if (successful) cometd.subscribe(channel, onMessage, ({ successful }) => report({ subscribed: successful }));
  });
  cometd.handshake();
}

export function signOut(cometd, report) {
  // A connect may reach the service after the disconnect. The service then replies that the client is unknown, and
  // the CometD client fails the disconnect as well.
  let unknown = false;
  cometd.addListener('/meta/connect', ({ error }) => { unknown ||= error === '402::Unknown client'; });
  return new Promise((resolve) => {
    cometd.disconnect(({ successful }) => resolve(report({ disconnected: successful || unknown })));
  });
}
