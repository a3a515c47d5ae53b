// Listens with faye until the input ends. Prints each step as one line of JSON: {channel: step}.
//
//     node listen_faye.mjs URL USER PASSWORD CHANNEL

import faye from 'faye';

const [url, user, password, channel] = process.argv.slice(2);
const report = (step) => console.log(JSON.stringify({ [channel]: step }));

const client = new faye.Client(`${url}/api/v2/notifications`);
client.setHeader('Authorization', `Basic ${btoa(`${user}:${password}`)}`);
client.addExtension({
  incoming: (message, callback) => {
    if (message.channel === '/meta/subscribe') report({ subscribed: message.successful });
    if (message.channel === '/meta/disconnect') report({ disconnected: message.successful });
    callback(message);
  },
});
client.subscribe(channel).withChannel((channel, data) => report({ notification: { channel, data } }));

process.stdin.resume().on('end', async () => {
  await client.disconnect();
  process.exit(); // does not wait for idle connections
});
