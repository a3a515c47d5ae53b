// Control of the emulator: reset, clock, new chats, faults, sessions.

import { button, make } from './elements.js';
import { FAULTS, MEANINGS } from './faults.js';
import { operationForm } from './form.js';
import { simulate } from './service.js';

const INJECT = 'Inject the fault';
const STATES = ['Chatting', 'Invited', 'LeftChat'];

export class ControlView {
  constructor(element, actions) {
    this.actions = actions;
    this.error = element.querySelector('#control-error');
    this.area = element.querySelector('#control-form');
    this.faultButton = element.querySelector('#fault');
    this.chatButton = element.querySelector('#new-chat');
    const onClick = (id, action) => element.querySelector(id).addEventListener('click', action);
    onClick('#reset', () => this.#reset());
    onClick('#advance-10', () => this.#advance(10));
    onClick('#advance-60', () => this.#advance(60));
    onClick('#forget', () => this.forget());
    onClick('#new-chat', () => this.#toggle(this.chatButton, () => this.#newChatForm()));
    onClick('#fault', () => this.#toggle(this.faultButton, () => this.#faultForm()));
  }

  // Ends the CometD sessions of an agent, or of all agents.
  forget(agent) {
    return this.#perform(() => this.actions.perform('Forget sessions', 'sessions/forget', agent ? { agent } : {}));
  }

  // Takes over the agents, and reads how often the faults have happened.
  async show({ agents }) {
    this.agents = agents.map(({ userName }) => userName);
    if (this.openButton === this.faultButton) await this.#showFaults();
  }

  #reset() {
    return this.#perform(() => this.actions.perform('Reset', 'reset', {}));
  }

  #advance(seconds) {
    const name = `Advance the clock by ${seconds} s`;
    return this.#perform(() => this.actions.perform(name, 'clock', { advance: seconds }));
  }

  // Performs the action, shows its error if it fails, and returns whether it succeeded.
  async #perform(action) {
    this.error.textContent = '';
    try {
      await action();
      return true;
    } catch (error) {
      this.error.textContent = error.message;
      return false;
    }
  }

  #toggle(opener, makeContent) {
    const isOpen = this.openButton === opener;
    this.#close();
    if (isOpen) return;
    this.openButton = opener;
    opener.setAttribute('aria-expanded', 'true');
    this.area.replaceChildren(...makeContent());
    this.area.querySelector('select, input')?.focus();
  }

  #close() {
    this.openButton?.setAttribute('aria-expanded', 'false');
    this.openButton?.focus();
    this.openButton = undefined;
    this.area.replaceChildren();
  }

  #newChatForm() {
    const parameters = [
      { name: 'customer', kind: 'line' },
      { name: 'agent', kind: 'choice', required: true, choices: this.agents },
      { name: 'state', kind: 'choice', required: true, choices: STATES },
      { name: 'second agent', kind: 'choice', choices: this.agents },
      { name: 'state of the second agent', kind: 'choice', choices: [...STATES, 'consultant'] },
      { name: 'userData', kind: 'pairs' },
      { name: 'id', kind: 'line' },
    ];
    const send = (values) => this.#perform(() => this.actions.perform('Create a chat', 'chats', newChat(values)));
    return [operationForm('Create a chat', parameters, { send, cancel: () => this.#close() })];
  }

  #faultForm() {
    const effect = make('select', {}, ...Object.keys(FAULTS).map((name) => make('option', {}, name)));
    const meaning = make('p', { class: 'hint' });
    const area = make('div');
    const showForm = () => {
      meaning.textContent = MEANINGS[effect.value];
      const parameters = FAULTS[effect.value].map((each) => (
        each.name === 'agent' ? { ...each, kind: 'choice', choices: this.agents } : each
      ));
      const send = (values) => this.#inject(effect.value, values);
      area.replaceChildren(operationForm(INJECT, parameters, { send, cancel: () => this.#close() }));
      const { times } = area.querySelector('form').elements;
      times.defaultValue = '1'; // also after the form was sent
    };
    effect.addEventListener('change', showForm);
    showForm();
    this.faultList = make('ul', { class: 'faults', 'aria-label': 'Faults since the reset' });
    const clear = button('Remove all faults', () => this.#clearFaults());
    this.#showFaults();
    const label = make('label', {}, make('span', {}, 'effect'), effect);
    return [label, meaning, area, this.faultList, make('div', { class: 'row' }, clear)];
  }

  // The form's own name stands in `operationName` if the fault has none.
  async #inject(effect, { operationName, ...values }) {
    const fault = { effect, ...values, ...(operationName === INJECT ? {} : { operationName }) };
    const isAccepted = await this.#perform(() => this.actions.perform(`Inject fault ${effect}`, 'faults', fault));
    await this.#showFaults();
    return isAccepted;
  }

  async #clearFaults() {
    await this.#perform(() => this.actions.perform('Remove all faults', 'faults', undefined, { method: 'DELETE' }));
    await this.#showFaults();
  }

  async #showFaults() {
    const { faults } = await simulate('faults');
    this.faultList.replaceChildren(...faults.map(({ fault: { effect, ...selected }, fired, isActive }) => make(
      'li',
      {},
      make('b', {}, effect),
      ` ${Object.entries(selected).map(([name, value]) => `${name}=${value}`).join(', ')} `,
      make('span', { class: isActive ? 'tag warning' : 'tag' }, `${isActive ? 'active' : 'over'}, happened ${fired === 1 ? 'once' : `${fired} times`}`),
    )));
  }
}

// Returns the body of the request that creates the chat.
function newChat(values) {
  const {
    operationName, agent, state, 'second agent': second, 'state of the second agent': secondState, ...others
  } = values;
  const agents = [{ agent, state }];
  if (second) {
    agents.push(secondState === 'consultant'
      ? { agent: second, state: 'Chatting', role: 'consultant' } : { agent: second, state: secondState ?? 'Chatting' });
  }
  return { ...others, agents };
}
