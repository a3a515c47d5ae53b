// Opens the static documentation without a network, in a browser. Returns the entries of the menu, the content of the
// first screen, of the screen with Leave and of the screen below it, the tables and JSON that are cut, and the errors
// on the way, among them requests to the network.

'use strict';

const { forbidOtherOrigins, withPage } = require('./browser.js');

const MENU = '[role="menuitem"] > label:visible';
const LEAVE = 'Leave, or perform another operation on a chat';

// Returns the texts of the elements that are entirely in the window.
const visible = (page, selector) => page.locator(selector).evaluateAll((elements) => elements
  .filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  })
  .map((element) => element.innerText));

// Returns the beginnings of the elements that are wider than their place.
const cut = (page, selector) => page.locator(selector).evaluateAll((elements) => elements
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.innerText.slice(0, 80)));

const shown = async (page) => ({
  headings: await visible(page, 'h1, h2'),
  tables: await visible(page, 'table'),
  json: (await visible(page, 'pre')).flatMap((text) => { try { return [JSON.parse(text)]; } catch { return []; } }),
});

module.exports = (browser, url) => withPage(browser, async (page, errors) => {
  forbidOtherOrigins(page, ['null'], errors);
  await page.context().setOffline(true);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(url);
  await page.waitForSelector('h2');
  const menu = await page.locator(MENU).allInnerTexts();
  const firstScreen = await shown(page);
  await page.locator(MENU, { hasText: 'Chats' }).click();
  await page.locator(MENU, { hasText: LEAVE }).click();
  await page.waitForFunction((text) => [...document.querySelectorAll('h2')].some((heading) => {
    const { top } = heading.getBoundingClientRect();
    return heading.innerText === text && top >= 0 && top < 100;
  }), LEAVE);
  const leave = await shown(page);
  await page.evaluate(() => window.scrollBy(0, window.innerHeight));
  const belowLeave = await shown(page);
  const wide = await cut(page, 'table, pre:has(> code)');
  return { menu, firstScreen, leave, belowLeave, cut: wide, errors };
});
