// The page at / in a headless browser that finds no other host than the service's. Takes steps as JSON, each
// the name of a function below and its arguments, and prints one line of JSON for each that returns something,
// and one with whatever went wrong on the way.
//
//     node page.js CHROMIUM URL STEPS

'use strict';

const { chromium } = require('playwright-core');

const [executablePath, url, steps] = process.argv.slice(2);
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
const MOST_TABS = 200;

function makeSteps(page) {
  const panel = (who) => page.locator(`[data-agent="${who}"], [data-customer="${who}"]`);
  const chat = (who, customer) => panel(who).locator('.chat', { has: page.locator('summary strong', { hasText: customer }) });
  const operation = (who, customer, name) => chat(who, customer).getByRole('group').getByRole('button', { name, exact: true });
  const answered = (channel) => page.waitForResponse((answer) => answer.request().postData()?.includes(channel));
  const fill = async (form, parameters) => {
    for (const [name, value] of Object.entries(parameters)) {
      const field = form.locator(`[name="${name}"]`);
      if (await field.evaluate(({ tagName }) => tagName === 'SELECT')) await field.selectOption(value);
      else await field.fill(value);
    }
  };
  // Goes on with Tab until the focus is where it should be.
  const tabTo = async (target) => {
    await target.waitFor();
    for (let count = 0; count < MOST_TABS; count += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`not in reach by Tab: ${target}`);
  };

  return {
    async signIn(userName, password) {
      await fill(page.locator('#sign-in'), { userName, password });
      await page.click('#sign-in button');
      await panel(userName).getByRole('status').filter({ hasText: 'listening' }).waitFor();
    },
    async tryToSignIn(userName, password) {
      await fill(page.locator('#sign-in'), { userName, password });
      await page.click('#sign-in button');
      return page.locator('#sign-in-fault:not(:empty)').innerText();
    },
    async signOut(userName) {
      const closed = answered('/meta/disconnect');
      await panel(userName).getByRole('button', { name: 'Sign out' }).click();
      await closed;
    },
    // The next poll reaches the service with the id of a session that it does not know.
    async loseSession() {
      const subscribed = answered('/meta/subscribe');
      await page.route('**/api/v2/notifications', (route) => {
        const messages = JSON.parse(route.request().postData());
        return route.continue({ postData: JSON.stringify(messages.map((message) => ({ ...message, clientId: 'nobody' }))) });
      }, { times: 1 });
      await subscribed;
    },
    async loseNetwork(userName) {
      const status = panel(userName).getByRole('status');
      await page.context().setOffline(true);
      await status.filter({ hasText: 'lost, trying again' }).waitFor();
      await page.context().setOffline(false);
      await status.filter({ hasText: 'listening' }).waitFor();
    },
    async requestChat(nickname, parameters = {}) {
      const form = page.locator('#request form');
      await fill(form, { nickname, ...parameters });
      await form.getByRole('button').click();
      await panel(nickname).locator('form').waitFor();
    },
    async perform(who, customer, name, parameters) {
      await operation(who, customer, name).click();
      if (!parameters) return;
      const form = chat(who, customer).getByRole('form', { name });
      await fill(form, parameters);
      await form.getByRole('button', { name, exact: true }).click();
    },
    // The customer's form to write in is open from the start.
    async write(nickname, text) {
      const form = panel(nickname).getByRole('form', { name: 'SendMessage' });
      await fill(form, { text });
      await form.getByRole('button', { name: 'SendMessage' }).click();
    },
    async leaveByKeyboard(userName, password, customer, text) {
      await tabTo(page.locator('#sign-in [name=userName]'));
      await page.keyboard.type(userName);
      await page.keyboard.press('Tab');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await tabTo(operation(userName, customer, 'Leave'));
      await page.keyboard.press('Enter');
      await page.keyboard.type(text);
      await tabTo(chat(userName, customer).getByRole('form').getByRole('button', { name: 'Leave' }));
      await page.keyboard.press('Enter');
    },
    async focused() {
      return page.evaluate(() => document.activeElement.innerText);
    },
    async until(who, customer, { state, said, participants, fault }) {
      const view = chat(who, customer);
      if (state) await view.locator('summary .badge').filter({ hasText: state }).waitFor();
      if (said) await view.locator('.said').filter({ hasText: said }).first().waitFor();
      if (fault) await view.getByRole('alert').filter({ hasText: fault }).waitFor();
      if (participants) await view.locator('.participants').filter({ hasText: participants }).waitFor();
    },
    async seen(who, customer) {
      const view = chat(who, customer);
      const said = await view.locator('.transcript li').evaluateAll((lines) => (
        lines.map((line) => [...line.querySelectorAll('b, .said, .mark')].map(({ textContent }) => textContent).join(' '))
      ));
      return {
        state: await view.locator('summary .badge').innerText(),
        participants: await view.locator('.participants li').allInnerTexts(),
        buttons: await view.getByRole('group').getByRole('button').allInnerTexts(),
        said,
      };
    },
    async told(who) {
      const texts = await panel(who).locator('.notifications pre').evaluateAll((all) => all.map(({ textContent }) => textContent));
      return texts.reverse().map((text) => JSON.parse(text));
    },
    async elements(selector) {
      return page.locator(selector).count();
    },
    async operations() {
      return page.evaluate(async () => {
        const { AGENT_OPERATIONS, CUSTOMER_OPERATIONS, REQUEST_CHAT } = await import('/page/operations.js');
        return { ...AGENT_OPERATIONS, customer: CUSTOMER_OPERATIONS, RequestChat: REQUEST_CHAT };
      });
    },
    async width(pixels) {
      await page.setViewportSize({ width: pixels, height: 800 });
      return page.evaluate(() => document.documentElement.scrollWidth);
    },
  };
}

async function main() {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    const faults = [];
    page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('requestfailed', (request) => {
      const { errorText } = request.failure();
      if (errorText !== 'net::ERR_ABORTED') faults.push(`failed: ${errorText}`); // by the page itself, to sign out
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) faults.push(`elsewhere: ${request.url()}`);
    });
    await page.goto(`${url}/`);
    const known = makeSteps(page);
    for (const [name, ...parameters] of JSON.parse(steps)) {
      const seen = await known[name](...parameters);
      if (seen !== undefined) console.log(JSON.stringify(seen));
    }
    console.log(JSON.stringify(faults));
  } finally {
    await browser.close();
  }
}

main();
