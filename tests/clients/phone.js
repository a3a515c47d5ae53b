// Opens the documentation on a phone, behind a reverse proxy that adds /proxy to all paths, and opens Leave. Returns
// the width of the window and of the page, the loaded paths, and the errors on the way.

'use strict';

const { forbidOtherOrigins, withPage } = require('./browser.js');

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

module.exports = (browser, url, path) => withPage(browser, async (page, errors) => {
  const paths = [];
  forbidOtherOrigins(page, [url, 'null'], errors);
  await page.route(`${url}/**`, async (route) => {
    const { href, pathname } = new URL(route.request().url());
    paths.push(pathname);
    await route.fulfill({ response: await route.fetch({ url: href.replace('/proxy/', '/') }) });
  });
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  await page.goto(`${url}/proxy${path}`);
  await page.locator('#operations-Chats-perform_chat_operation .opblock-summary').click();
  await page.waitForSelector('.opblock-description table');
  const [windowWidth, pageWidth] = await page.evaluate(() => [window.innerWidth, document.documentElement.scrollWidth]);
  return { windowWidth, pageWidth, paths, errors };
}, PHONE);
