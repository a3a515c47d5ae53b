// Drives the page at / in a browser, without the simulation. Takes steps, each with the name of a function below and
// its arguments. Returns the value of each step that has one, and all errors, among them console messages and requests
// to other origins.

'use strict';

const { forbidOtherOrigins, withPage } = require('./browser.js');

const MAX_TABS = 200;

function makeSteps(page) {
  const panel = (who) => page.locator(`[data-agent="${who}"], [data-customer="${who}"]`);
  const chat = (who, customer) => panel(who).locator('.chat', { has: page.locator('summary strong', { hasText: customer }) });
  const operation = (who, customer, name) => chat(who, customer).getByRole('group').getByRole('button', { name, exact: true });
  const responseTo = (channel) => page.waitForResponse((response) => response.request().postData()?.includes(channel));
  const fill = async (form, parameters) => {
    for (const [name, value] of Object.entries(parameters)) {
      const field = form.locator(`[name="${name}"]`);
      if (await field.evaluate(({ tagName }) => tagName === 'SELECT')) await field.selectOption(value);
      else await field.fill(value);
    }
  };
  // Presses Tab until the target has the focus.
  const tabTo = async (target) => {
    await target.waitFor();
    for (let count = 0; count < MAX_TABS; count += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${target}`);
  };

  return {
    async signIn(userName, password) {
      await fill(page.locator('#sign-in'), { userName, password });
      await page.click('#sign-in button');
      await panel(userName).getByRole('status').filter({ hasText: 'listening' }).waitFor();
    },
    async failToSignIn(userName, password) {
      await fill(page.locator('#sign-in'), { userName, password });
      await page.click('#sign-in button');
      return page.locator('#sign-in-error:not(:empty)').innerText();
    },
    async signOut(userName) {
      const closed = responseTo('/meta/disconnect');
      await panel(userName).getByRole('button', { name: 'Sign out' }).click();
      await closed;
    },
    // Sends the next poll with the client ID of an unknown session.
    async loseSession() {
      const subscribed = responseTo('/meta/subscribe');
      await page.route('**/api/v2/notifications', (route) => {
        const messages = JSON.parse(route.request().postData());
        return route.continue({ postData: JSON.stringify(messages.map((message) => ({ ...message, clientId: 'nobody' }))) });
      }, { times: 1 });
      await subscribed;
    },
    async loseNetwork(userName) {
      const status = panel(userName).getByRole('status');
      await page.context().setOffline(true);
      await status.filter({ hasText: 'disconnected, retrying' }).waitFor();
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
    // The customer's SendMessage form is always open.
    async sendMessage(nickname, text) {
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
    async focusedText() {
      return page.evaluate(() => document.activeElement.innerText);
    },
    async waitFor(who, customer, { state, message, participants, error }) {
      const view = chat(who, customer);
      if (state) await view.locator('summary .badge').filter({ hasText: state }).waitFor();
      if (message) await view.locator('.content').filter({ hasText: message }).first().waitFor();
      if (error) await view.getByRole('alert').filter({ hasText: error }).waitFor();
      if (participants) await view.locator('.participants').filter({ hasText: participants }).waitFor();
    },
    async readChat(who, customer) {
      const view = chat(who, customer);
      const messages = await view.locator('.transcript li').evaluateAll((lines) => (
        lines.map((line) => [...line.querySelectorAll('b, .content, .label')].map(({ textContent }) => textContent).join(' '))
      ));
      return {
        state: await view.locator('summary .badge').innerText(),
        participants: await view.locator('.participants li').allInnerTexts(),
        buttons: await view.getByRole('group').getByRole('button').allInnerTexts(),
        messages,
      };
    },
    async readNotifications(who) {
      const texts = await panel(who).locator('.notifications pre').evaluateAll((all) => all.map(({ textContent }) => textContent));
      return texts.reverse().map((text) => JSON.parse(text));
    },
    async reload() {
      await page.reload();
    },
    async readTexts(selector) {
      return page.locator(selector).filter({ visible: true }).allInnerTexts();
    },
    async countElements(selector) {
      return page.locator(selector).count();
    },
    async readOperations() {
      return page.evaluate(async () => {
        const { AGENT_OPERATIONS, CUSTOMER_OPERATIONS, REQUEST_CHAT } = await import('/console/operations.js');
        return { ...AGENT_OPERATIONS, customer: CUSTOMER_OPERATIONS, RequestChat: REQUEST_CHAT };
      });
    },
    async scrollWidth(pixels) {
      await page.setViewportSize({ width: pixels, height: 800 });
      return page.evaluate(() => document.documentElement.scrollWidth);
    },
  };
}

module.exports = (browser, url, steps) => withPage(browser, async (page, errors) => {
  page.on('console', (message) => errors.push(`${message.type()}: ${message.text()}`));
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure();
    if (errorText !== 'net::ERR_ABORTED') errors.push(`failed: ${errorText}`); // the page aborts polls to sign out
  });
  forbidOtherOrigins(page, [url], errors);
  await page.goto(`${url}/`);
  await page.locator('#connection', { hasText: 'simulation is off' }).waitFor();
  const functions = makeSteps(page);
  const results = [];
  for (const [name, ...parameters] of steps) {
    const result = await functions[name](...parameters);
    if (result !== undefined) results.push(result);
  }
  return [...results, errors];
});
