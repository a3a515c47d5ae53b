// Runs scripts of this directory in one headless browser. Each line of input is JSON: the name of a script and its
// arguments. Prints a line of JSON for each: {result}, or {error} if the script failed.
//
//     node run_in_browser.js CHROMIUM

'use strict';

const { createInterface } = require('node:readline');
const { launch } = require('./browser.js');

async function runScripts(executablePath) {
  const browser = await launch(executablePath);
  for await (const line of createInterface(process.stdin)) {
    const [script, ...parameters] = JSON.parse(line);
    const run = require(`./${script}`);
    const report = await run(browser, ...parameters).then((result) => ({ result }), ({ stack }) => ({ error: stack }));
    console.log(JSON.stringify(report));
  }
  process.exit(); // which ends the browser: to close it sometimes waits for ever
}

runScripts(process.argv[2]);
