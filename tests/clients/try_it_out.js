// Performs one Leave by "Try it out" in the documentation, in a browser, behind a reverse proxy that adds `prefix` to
// all paths. Returns the status and body of the response, and the errors on the way, among them requests to other
// origins.

'use strict';

const { forbidOtherOrigins, withPage } = require('./browser.js');

async function authorize(page, user, password) {
  await page.click('.auth-wrapper .authorize');
  const basic = page.locator('.auth-container', { has: page.locator('input[name="username"]') });
  await basic.locator('input[name="username"]').fill(user);
  await basic.locator('input[name="password"]').fill(password);
  await basic.locator('button[type="submit"]').click();
  await page.click('.btn-done');
}

async function leave(page, chatId, example) {
  const operation = page.locator('#operations-Chats-perform_chat_operation');
  await operation.locator('.opblock-summary').click();
  await operation.locator('.try-out__btn').click();
  await operation.locator('tr[data-param-name="id"] input').fill(chatId);
  await operation.locator('.opblock-section-request-body .examples-select-element').selectOption(example);
  await operation.locator('button.execute').click();
  const response = operation.locator('.live-responses-table');
  const status = await response.locator('tbody .response-col_status').first().innerText();
  const body = await response.locator('tbody .response-col_description code').first().innerText();
  return { status: Number.parseInt(status, 10), body: JSON.parse(body) };
}

async function tryItOut(page, errors, { url, user, password, chatId, example, prefix }) {
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('requestfailed', (request) => errors.push(`failed: ${request.url()}`));
  forbidOtherOrigins(page, [url, 'null'], errors);
  await page.route(`${url}/**`, async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (!pathname.startsWith(prefix)) errors.push(`outside ${prefix}: ${pathname}`);
    await route.fulfill({ response: await route.fetch({ url: origin + pathname.replace(prefix, '') }) });
  });
  await page.goto(`${url}${prefix}/ui/`);
  await authorize(page, user, password);
  return { ...(await leave(page, chatId, example)), errors };
}

module.exports = (browser, options) => withPage(browser, (page, errors) => tryItOut(page, errors, options));
