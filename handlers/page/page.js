// The page: sign agents in, request chats, and put them side by side.

import { Agent } from './agent.js';
import { Customer } from './customer.js';
import { operationForm } from './form.js';
import { REQUEST_CHAT } from './operations.js';
import { asAgent, asCustomer } from './service.js';

// A browser opens six connections to a host, and the poll of each agent holds one.
const MOST_AGENTS = 4;

const panels = document.querySelector('#panels');
const signInForm = document.querySelector('#sign-in');
const signInFault = document.querySelector('#sign-in-fault');
const signedIn = document.querySelector('#signed-in');
const requestPlace = document.querySelector('#request');
const requestFault = document.querySelector('#request-fault');
const agents = new Map();

async function signIn(userName, password) {
  if (agents.has(userName)) throw new Error(`${userName} is here already`);
  if (agents.size === MOST_AGENTS) throw new Error(`no more than ${MOST_AGENTS} agents fit in one page: sign one out first`);
  const request = asAgent(userName, password);
  const { user } = await request('me');
  const known = () => [...agents.values()].map((each) => each.user);
  const agent = new Agent(user, request, known, () => { agents.delete(userName); showSignedIn(); });
  agents.set(userName, agent);
  panels.append(agent.element);
  showSignedIn();
}

function showSignedIn() {
  signedIn.textContent = agents.size ? `Signed in, below: ${[...agents.keys()].join(', ')}.` : '';
}

async function requestChat(body) {
  const request = asCustomer();
  const { id } = await request('chats', body);
  const customer = new Customer(body.nickname, id, request);
  panels.append(customer.element);
  await customer.look();
  customer.view.open('SendMessage');
}

// Says whether it went well; why not stands beside the form.
async function attempt(action, fault) {
  fault.textContent = '';
  try {
    await action();
    return true;
  } catch (error) {
    fault.textContent = error.message;
    return false;
  }
}

signInForm.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { userName, password } = signInForm.elements;
  if (await attempt(() => signIn(userName.value, password.value), signInFault)) signInForm.reset();
  userName.focus();
});

requestPlace.append(operationForm('RequestChat', REQUEST_CHAT, {
  send: (body) => attempt(() => requestChat(body), requestFault),
}));
