// Opens a desktop in a headless browser and has it take steps, whatever came of those before. Prints one line
// of JSON: what came of each step, the status of each answer that the browser had, and what it complained of.
//
//     node desktop.js CHROMIUM PAGE URL USER PASSWORD CHAT COOKIE STEP...

'use strict';

const { chromium } = require('playwright-core');

const [executablePath, address, url, user, password, chatId, cookie, ...steps] = process.argv.slice(2);
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

// Runs in the page.
async function take([names, ...desktopArguments]) {
  const desktop = makeDesktop(...desktopArguments);
  const outcome = {};
  for (const name of names) {
    outcome[name] = await desktop[name]().catch((error) => error.name);
  }
  return outcome;
}

async function main() {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const context = await browser.newContext();
    if (cookie) await context.addCookies([{ name: 'JSESSIONID', value: cookie, url, sameSite: 'Lax' }]);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const answers = [];
    const faults = [];
    page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('response', (answer) => {
      const { origin, pathname } = new URL(answer.url());
      if (origin === url) answers.push([answer.request().method(), pathname, answer.status()]);
    });
    await page.goto(address);
    const outcome = await page.evaluate(take, [steps, url, user, password, chatId]);
    console.log(JSON.stringify({ outcome, answers, faults }));
  } finally {
    await browser.close();
  }
}

main();
