// One Leave as an agent's desktop sees it, by CometD's own client. Prints one line of JSON for each step.
//
//     node leave.js URL USER PASSWORD CHANNEL CHAT

'use strict';

require('cometd-nodejs-client').adapt();
const { CometD } = require('cometd');

const [url, user, password, channel, chatId] = process.argv.slice(2);
const headers = { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };

const print = (step) => console.log(JSON.stringify(step));
const reply = ({ channel, subscription, successful }) => ({ channel, subscription, successful });
const replied = (send) => new Promise((resolve) => send(resolve)).then((message) => print(reply(message)));

async function main() {
  const cometd = new CometD();
  cometd.unregisterTransport('websocket'); // as the vendor's clients do
  cometd.configure({ url: `${url}/api/v2/notifications`, requestHeaders: headers });

  let told;
  const notification = new Promise((resolve) => { told = resolve; });
  const all = [];
  const listener = ({ channel, data }) => { all.push({ channel, data }); told(); };

  await replied((callback) => cometd.handshake(callback));
  let subscription;
  await replied((callback) => { subscription = cometd.subscribe(channel, listener, callback); });

  const answer = await fetch(`${url}/api/v2/me/chats/${chatId}`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ operationName: 'Leave' }),
  });
  print({ status: answer.status, body: await answer.json() });
  await notification;

  // What else waited would come with this reply.
  await replied((callback) => cometd.publish('/nothing', {}, callback));
  all.forEach(print);
  await replied((callback) => cometd.unsubscribe(subscription, callback));
  await replied((callback) => cometd.disconnect(callback));
}

main().then(() => process.exit(0)); // its connections would be kept alive for a while
