// One Leave by "Try it out" in the documentation, in a headless browser that finds no other host than
// the service's. Prints one line of JSON: what was answered, and whatever went wrong on the way.
//
//     node try_it_out.js CHROMIUM URL USER PASSWORD CHAT EXAMPLE

'use strict';

const { chromium } = require('playwright-core');

const [executablePath, url, user, password, chatId, example] = process.argv.slice(2);
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

async function authorize(page) {
  await page.click('.auth-wrapper .authorize');
  const basic = page.locator('.auth-container', { has: page.locator('input[name="username"]') });
  await basic.locator('input[name="username"]').fill(user);
  await basic.locator('input[name="password"]').fill(password);
  await basic.locator('button[type="submit"]').click();
  await page.click('.btn-done');
}

async function leave(page) {
  const operation = page.locator('#operations-Chats-perform_chat_operation');
  await operation.locator('.opblock-summary').click();
  await operation.locator('.try-out__btn').click();
  await operation.locator('tr[data-param-name="id"] input').fill(chatId);
  await operation.locator('.opblock-section-request-body .examples-select-element').selectOption(example);
  await operation.locator('button.execute').click();
  const answer = operation.locator('.live-responses-table');
  const status = await answer.locator('tbody .response-col_status').first().innerText();
  const body = await answer.locator('tbody .response-col_description code').first().innerText();
  return { status: Number.parseInt(status, 10), body: JSON.parse(body) };
}

async function main() {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    const faults = [];
    page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('requestfailed', (request) => faults.push(`failed: ${request.url()}`));
    page.on('request', (request) => {
      const from = new URL(request.url());
      if (from.origin !== url && from.protocol !== 'data:') faults.push(`elsewhere: ${request.url()}`);
    });
    await page.goto(`${url}/ui/`);
    await authorize(page);
    console.log(JSON.stringify({ ...(await leave(page)), faults }));
  } finally {
    await browser.close();
  }
}

main();
