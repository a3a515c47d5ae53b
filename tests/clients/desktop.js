// Opens the page of a desktop in a browser and takes all steps, even after a step fails. Returns the result of each
// step, the responses of the service, and the errors in the console and on the page.

'use strict';

const { withPage } = require('./browser.js');

// Runs in the page.
async function takeSteps([names, ...desktopArguments]) {
  const desktop = makeDesktop(...desktopArguments);
  const results = {};
  for (const name of names) {
    results[name] = await desktop[name]().catch((error) => error.name);
  }
  return results;
}

async function useDesktop(page, errors, { address, url, user, password, chatId, cookie, steps }) {
  if (cookie) await page.context().addCookies([{ name: 'JSESSIONID', value: cookie, url, sameSite: 'Lax' }]);
  const responses = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (origin === url) responses.push([response.request().method(), pathname, response.status()]);
  });
  await page.goto(address);
  const results = await page.evaluate(takeSteps, [steps, url, user, password, chatId]);
  return { results, responses, errors };
}

module.exports = (browser, options) => withPage(browser, (page, errors) => useDesktop(page, errors, options));
