// Uses the console in a browser, while desktops use the service. Takes steps, each with the name of a function below
// and its arguments. Returns the value of each step that has one, and all errors. `options` are those of a browser
// context.

'use strict';

const { forbidOtherOrigins, withPage } = require('./browser.js');
const { adapt } = require('cometd-nodejs-client');
const { CometD } = require('cometd');

// agent1 has the password secret1.
const headersOf = (user) => ({ Authorization: `Basic ${btoa(`${user}:${user.replace('agent', 'secret')}`)}` });

function makeSteps(page, url) {
  const desktops = [];
  const visible = (selector) => page.locator(selector).filter({ visible: true });
  return {
    async click(selector) {
      await visible(selector).first().click();
    },
    async doubleClick(selector) {
      await visible(selector).first().dblclick();
    },
    // Scrolls the element to its start, and later returns how far it is scrolled.
    async scrollToStart(selector) {
      await visible(selector).first().evaluate((element) => { element.scrollTop = 0; });
    },
    async scrollTop(selector) {
      return visible(selector).first().evaluate((element) => element.scrollTop);
    },
    async isDisabled(selector) {
      return page.locator(selector).isDisabled();
    },
    async fill(selector, value) {
      await visible(selector).first().fill(value);
    },
    async choose(selector, label) {
      await visible(selector).first().selectOption({ label });
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    async waitForEnd(selector) {
      await visible(selector).first().waitFor({ state: 'detached' });
    },
    async waitFor(selector, text = '') {
      await visible(selector).filter({ hasText: text }).first().waitFor();
    },
    async read(selector) {
      return (await visible(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    },
    async count(selector) {
      return page.locator(selector).count();
    },
    // Scrolls the page, and waits until the rows there are rendered.
    async scrollTo(pixels) {
      await page.evaluate((top) => new Promise((resolve) => {
        scrollTo(0, top);
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }), pixels);
    },
    // Returns the key and the place of the row at the upper edge of the window.
    async firstRow() {
      return page.evaluate(() => {
        const rows = [...document.querySelectorAll('#groups > .group')];
        const row = rows.find((each) => each.getBoundingClientRect().bottom > 0);
        return [row.dataset.key, Math.round(row.getBoundingClientRect().top)];
      });
    },
    async focusedText() {
      return page.evaluate(() => document.activeElement.innerText);
    },
    async readClipboard() {
      return page.evaluate(() => navigator.clipboard.readText());
    },
    async reload() {
      await page.reload();
    },
    async scrollWidth() {
      return page.evaluate(() => document.documentElement.scrollWidth);
    },
    async setOffline(isOffline) {
      await page.context().setOffline(isOffline);
    },
    // From now on another service responds to the page, as after a restart.
    async replaceService(otherUrl) {
      await page.route(`${url}/**`, async (route) => {
        const response = await route.fetch({ url: route.request().url().replace(url, otherUrl) });
        await route.fulfill({ response });
      });
    },
    // Sends a request as a desktop or a test does. `count` sends it so often at the same time. With `leaves`, the step
    // does not wait for the response.
    async send(path, { user, body, count = 1, leaves = false } = {}) {
      const credentials = user ? headersOf(user) : { ContactCenterId: 'any' };
      const headers = { ...credentials, 'Content-Type': 'application/json' };
      const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      const sendOnce = async () => (await fetch(url + path, request)).text();
      const responses = Promise.all(Array.from({ length: count }, sendOnce));
      if (!leaves) await responses;
    },
    // Subscribes with CometD as a desktop.
    async startDesktop(user) {
      const desktop = new CometD();
      desktop.notifications = [];
      desktop.configure({ url: `${url}/api/v2/notifications`, requestHeaders: headersOf(user), logLevel: 'warn' });
      const onNotification = ({ data }) => desktop.notifications.push(data);
      await new Promise((resolve) => {
        desktop.handshake(() => desktop.subscribe('/v2/me/chats', onNotification, resolve));
      });
      desktops.push(desktop);
    },
    async stopDesktop() {
      const desktop = desktops.pop();
      await new Promise((resolve) => { desktop.disconnect(resolve); });
      return desktop.notifications.map(({ notificationType }) => notificationType);
    },
    async sessionsOf(user) {
      const { agents } = await (await fetch(`${url}/simulation/state`)).json();
      return agents.find(({ userName }) => userName === user).sessions;
    },
    async stopDesktops() {
      while (desktops.length) await this.stopDesktop();
    },
  };
}

module.exports = (browser, url, steps, options) => withPage(browser, async (page, errors) => {
  adapt(); // with no cookies
  page.on('console', (message) => errors.push(`${message.type()}: ${message.text()}`));
  forbidOtherOrigins(page, [url], errors);
  await page.goto(`${url}/`);
  await page.locator('#connection', { hasText: 'live' }).waitFor();
  const functions = makeSteps(page, url);
  const results = [];
  for (const [name, ...parameters] of steps) {
    const result = await functions[name](...parameters);
    if (result !== undefined) results.push(result);
  }
  await functions.stopDesktops();
  await page.unrouteAll({ behavior: 'ignoreErrors' }); // the page still reads the journal
  return [...results, errors];
}, options);
