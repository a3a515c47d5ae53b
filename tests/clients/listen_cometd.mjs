// CometD's own client listens until its input ends. Prints one line of JSON for each step, by the channel.
//
//     node listen_cometd.mjs PACKAGE URL USER PASSWORD CHANNEL

import { adapt } from 'cometd-nodejs-client';
import { listen, signOut } from './listen.mjs';

const [name, url, user, password, channel] = process.argv.slice(2);
const report = (step) => console.log(JSON.stringify({ [channel]: step }));

adapt();
const library = await import(name);
const { CometD } = library.default ?? library; // CommonJS up to version 7, a module since 8
const cometd = new CometD();
listen(cometd, { url, user, password, channel }, report);

process.stdin.resume().on('end', async () => {
  await signOut(cometd, report);
  process.exit(); // its connections would be kept alive for a while
});
