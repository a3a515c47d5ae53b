// The entry point: shows the console, or only the sign-in if the simulation is off.

import { Console } from './console.js';
import { pause } from './elements.js';
import { RequestRejected, simulate } from './service.js';
import { addShortcuts } from './shortcuts.js';
import { SignInView } from './sign_in.js';

const RETRY_INTERVAL = 1000; // milliseconds

const connection = document.querySelector('#connection');
const messages = document.querySelector('#messages');

// Shows a message for screen readers and at the edge of the page.
function announce(text) {
  messages.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { messages.textContent = ''; }, 3000);
}

// Returns the state, or undefined if the simulation is off. After another error it tries again.
async function readState() {
  for (;;) {
    try {
      return await simulate('state');
    } catch (error) {
      if (error instanceof RequestRejected && error.status === 404) return undefined;
      connection.textContent = `${error.message}, trying again`;
      await pause(RETRY_INTERVAL);
    }
  }
}

const state = await readState();
const signIn = new SignInView(document.querySelector('#own-sessions'));
document.querySelector(state ? '#console' : '#off').hidden = false;
if (state) {
  new Console(document.querySelector('#console'), announce).run(state);
} else {
  connection.textContent = 'simulation is off';
  addShortcuts([], document.querySelector('#shortcuts'));
  document.querySelector('#own-sessions').open = true;
}
signIn.restore();
