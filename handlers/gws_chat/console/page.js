// The entry point: signs in agents, requests chats, and adds their panels to the page.

import { AgentPanel } from './agent.js';
import { CustomerPanel } from './customer.js';
import { operationForm } from './form.js';
import { REQUEST_CHAT } from './operations.js';
import { asAgent, asCustomer } from './service.js';

// A browser opens six connections to a host, and the poll of each agent occupies one.
const MAX_AGENTS = 4;

const panels = document.querySelector('#panels');
const signInForm = document.querySelector('#sign-in');
const signInError = document.querySelector('#sign-in-error');
const signedIn = document.querySelector('#signed-in');
const requestArea = document.querySelector('#request');
const requestError = document.querySelector('#request-error');
const agents = new Map();

async function signIn(userName, password) {
  if (agents.has(userName)) throw new Error(`${userName} is already signed in`);
  if (agents.size === MAX_AGENTS) throw new Error(`at most ${MAX_AGENTS} agents can be signed in: sign out an agent first`);
  const request = asAgent(userName, password);
  const { user } = await request('me');
  const signedInUsers = () => [...agents.values()].map((agent) => agent.user);
  const agent = new AgentPanel(user, request, signedInUsers, () => { agents.delete(userName); showSignedIn(); });
  agents.set(userName, agent);
  panels.append(agent.element);
  showSignedIn();
}

function showSignedIn() {
  signedIn.textContent = agents.size ? `Signed in: ${[...agents.keys()].join(', ')}.` : '';
}

async function requestChat(body) {
  const request = asCustomer();
  const { id } = await request('chats', body);
  const customer = new CustomerPanel(body.nickname, id, request);
  panels.append(customer.element);
  await customer.refresh();
  customer.view.openForm('SendMessage');
}

// Performs the action, shows its error if it fails, and returns whether it succeeded.
async function attempt(action, errorElement) {
  errorElement.textContent = '';
  try {
    await action();
    return true;
  } catch (error) {
    errorElement.textContent = error.message;
    return false;
  }
}

signInForm.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { userName, password } = signInForm.elements;
  if (await attempt(() => signIn(userName.value, password.value), signInError)) signInForm.reset();
  userName.focus();
});

requestArea.append(operationForm('RequestChat', REQUEST_CHAT, {
  send: (body) => attempt(() => requestChat(body), requestError),
}));
