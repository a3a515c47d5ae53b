// Signs in agents with their passwords, and requests chats as customers. Both work without the simulation.

import { AgentPanel } from './agent.js';
import { CustomerPanel } from './customer.js';
import { operationForm } from './form.js';
import { REQUEST_CHAT } from './operations.js';
import { asAgent, asCustomer } from './service.js';
import { keep, kept } from './view_state.js';

// A browser opens six connections to a host: the poll of each agent occupies one, and the journal another.
const MAX_AGENTS = 4;

export class SignInView {
  constructor(element) {
    this.panels = element.querySelector('#panels');
    this.signedIn = element.querySelector('#signed-in');
    this.agents = new Map(); // panels by user name
    this.credentials = new Map(); // passwords by user name
    this.customers = new Map(); // nicknames by chat ID
    element.open = kept('ownSessionsOpen', false);
    element.addEventListener('toggle', () => keep('ownSessionsOpen', element.open));
    this.#addForms(element);
  }

  // Signs in the agents again who were signed in before a reload of the tab, and shows the chats of the page's customers.
  async restore() {
    for (const [id, nickname] of kept('customers', [])) {
      const request = asCustomer();
      // after a restart of the service there is no such chat
      await request(`chats/${id}`).then(() => this.#addCustomer(nickname, id, request)).catch(() => {});
    }
    for (const [userName, password] of kept('signedIn', [])) {
      await this.#signIn(userName, password).catch(() => {}); // the service may have other agents now
    }
  }

  #addForms(element) {
    const form = element.querySelector('#sign-in');
    const signInError = element.querySelector('#sign-in-error');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const { userName, password } = form.elements;
      if (await attempt(() => this.#signIn(userName.value, password.value), signInError)) form.reset();
      userName.focus();
    });
    const requestError = element.querySelector('#request-error');
    element.querySelector('#request').append(operationForm('RequestChat', REQUEST_CHAT, {
      send: (body) => attempt(() => this.#requestChat(body), requestError),
    }));
  }

  async #signIn(userName, password) {
    if (this.agents.has(userName)) throw new Error(`${userName} is already signed in`);
    if (this.agents.size === MAX_AGENTS) {
      throw new Error(`at most ${MAX_AGENTS} agents can be signed in: sign out an agent first`);
    }
    const request = asAgent(userName, password);
    const { user } = await request('me');
    const signedInUsers = () => [...this.agents.values()].map((agent) => agent.user);
    const onSignOut = () => { this.agents.delete(userName); this.#showSignedIn(); };
    const agent = new AgentPanel(user, request, signedInUsers, onSignOut);
    this.agents.set(userName, agent);
    this.credentials.set(userName, password);
    this.panels.append(agent.element);
    this.#showSignedIn();
  }

  #showSignedIn() {
    const names = [...this.agents.keys()];
    this.signedIn.textContent = names.length ? `Signed in: ${names.join(', ')}.` : '';
    keep('signedIn', names.map((name) => [name, this.credentials.get(name)]));
  }

  async #requestChat(body) {
    const request = asCustomer();
    const { id } = await request('chats', body);
    await this.#addCustomer(body.nickname, id, request);
  }

  async #addCustomer(nickname, id, request) {
    const onDismiss = () => { this.customers.delete(id); this.#keepCustomers(); };
    const customer = new CustomerPanel(nickname, id, request, onDismiss);
    this.customers.set(id, nickname);
    this.#keepCustomers();
    this.panels.append(customer.element);
    await customer.refresh();
    customer.view.openForm('SendMessage');
  }

  #keepCustomers() {
    keep('customers', [...this.customers]);
  }
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
