// A page in a headless browser that resolves no host name.

'use strict';

const { chromium } = require('playwright-core');

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Two pages of the address bar and a spare process take more CPU than the page of a test. This replaces Playwright's list.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

const launch = (executablePath) => chromium.launch({ executablePath, args: ARGUMENTS });

// Calls `run` with a new page and an array of errors, to which uncaught errors of the page are appended. The page
// shares nothing with other pages of the browser. `options` are those of a browser context, such as the size of the
// window.
async function withPage(browser, run, options = {}) {
  const page = await browser.newPage(options);
  try {
    page.setDefaultTimeout(20_000);
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    return await run(page, errors);
  } finally {
    await page.close(); // closes its context as well
  }
}

// Appends an error for each request to an origin that is not allowed. The origin of data: URLs is 'null'.
function forbidOtherOrigins(page, allowedOrigins, errors) {
  page.on('request', (request) => {
    const { href, origin } = new URL(request.url());
    if (!allowedOrigins.includes(origin)) errors.push(`disallowed origin: ${href}`);
  });
}

module.exports = { forbidOtherOrigins, launch, withPage };
