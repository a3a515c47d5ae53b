// Listens with CometD's own client in a headless browser until the input ends. Each channel has a tab with a page of
// the service. A line of input names a channel whose tab is reloaded. Prints each step as one line of JSON:
// {channel: step}.
//
//     node listen_chromium.mjs CHROMIUM URL USER PASSWORD CHANNEL...

import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [executablePath, url, user, password, ...channels] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));

// These two functions run in the page.
async function signIn(account) {
  const { CometD } = await import('/node_modules/cometd-9/cometd.js');
  const { listen, signOut } = await import('/listen.mjs');
  const cometd = new CometD();
  window.signOut = () => signOut(cometd, window.report);
  listen(cometd, account, window.report);
}
const signOut = () => window.signOut();

const browser = await chromium.launch({ executablePath });
const context = await browser.newContext();
// Modules come from this directory, everything else from the service.
await context.route(/\.m?js$/, (route) => route.fulfill({ path: here + new URL(route.request().url()).pathname }));

const tabs = new Map();
for (const channel of channels) {
  const tab = await context.newPage();
  tabs.set(channel, tab);
  await tab.exposeFunction('report', (step) => console.log(JSON.stringify({ [channel]: step })));
  await tab.goto(`${url}/health`);
  await tab.evaluate(signIn, { url, user, password, channel });
}
for await (const channel of createInterface(process.stdin)) {
  await tabs.get(channel).reload();
  await tabs.get(channel).evaluate(signIn, { url, user, password, channel });
}
for (const tab of tabs.values()) await tab.evaluate(signOut);
await browser.close();
