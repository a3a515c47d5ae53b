// Takes the picture of the console in README.md, console.png, of a service that has just started:
//
//     node console_picture.js CHROMIUM URL

'use strict';

const { launch, withPage } = require('./browser.js');
require('cometd-nodejs-client').adapt();
const { CometD } = require('cometd');

const [executablePath, url] = process.argv.slice(2);
const WINDOW = { viewport: { width: 1180, height: 640 }, colorScheme: 'light' };
const CREDENTIALS = { Authorization: `Basic ${btoa('agent1:secret1')}` };

async function post(path, body, headers = {}) {
  await fetch(url + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body),
  });
}

// Subscribes as the desktop of agent1.
async function startDesktop() {
  const desktop = new CometD();
  desktop.configure({ url: `${url}/api/v2/notifications`, requestHeaders: CREDENTIALS });
  await new Promise((resolve) => { desktop.handshake(() => desktop.subscribe('/v2/me/chats', () => {}, resolve)); });
  return desktop;
}

async function takePicture(page) {
  const desktop = await startDesktop();
  await page.goto(`${url}/`);
  await page.locator('.listening').waitFor();
  await page.click('#clear-list');
  const chats = '/api/v2/me/chats';
  await fetch(`${url}/api/v2/workbins`, { headers: CREDENTIALS });
  await post(`${chats}/0000Na9B26EF002X`, { operationName: 'Leave', treatAs: 'System' }, CREDENTIALS);
  await post(`${chats}/0000Na9B26EF002X`, { operationName: 'Leave', text: 'Goodbye!' }, CREDENTIALS);
  await post(`${chats}/0071023821aec011`, { operationName: 'Leave' }, CREDENTIALS);
  await page.locator('#groups > li:first-child .delivery.sent').waitFor();
  await page.locator('.actor', { hasText: 'LeftChat' }).waitFor();
  await page.evaluate(() => { window.scrollTo(0, 0); document.activeElement.blur(); });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${__dirname}/console.png` });
  desktop.disconnect();
}

launch(executablePath).then(async (browser) => {
  await withPage(browser, takePicture, WINDOW);
  await browser.close();
});
