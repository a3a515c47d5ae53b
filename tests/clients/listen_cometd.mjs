// Listens with CometD's own client until the input ends. Prints each step as one line of JSON: {channel: step}.
//
//     node listen_cometd.mjs PACKAGE URL USER PASSWORD CHANNEL

import { adapt } from 'cometd-nodejs-client';
import { listen, signOut } from './listen.mjs';

const [name, url, user, password, channel] = process.argv.slice(2);
const report = (step) => console.log(JSON.stringify({ [channel]: step }));

adapt();
const library = await import(name);
const { CometD } = library.default ?? library; // CommonJS up to version 7, ES module since 8
const cometd = new CometD();
listen(cometd, { url, user, password, channel }, report);

process.stdin.resume().on('end', async () => {
  await signOut(cometd, report);
  process.exit(); // does not wait for idle connections
});
