// Control of the emulator: reset, clock, new chats, faults, sessions. At most one form is open, below the buttons.

import { ClockView } from './clock_view.js';
import { button, make } from './elements.js';
import { FaultForm } from './fault_form.js';
import { newChatForm } from './new_chat_form.js';
import { simulate } from './service.js';

const RESET = 'Restores the initial state: ends chats, sessions and faults, and empties the journal.';
const FORGET = 'Ends the CometD sessions of all agents. Their desktops have to connect again.';

export class ControlView {
  // `memory` knows the chats. `announce` shows a short message. `onCreate` is called with {chat, agent} after a
  // chat was created, `onDue` when the clock has passed a deadline.
  constructor(root, actions, memory, { announce, onCreate, onDue }) {
    Object.assign(this, { actions, memory, announce, onCreate });
    this.error = root.querySelector('#control-error');
    this.area = root.querySelector('#control-form');
    this.faultButton = root.querySelector('#fault');
    this.clock = new ClockView(root, { advance: (seconds) => this.#advance(seconds), onDue });
    const addOpener = (id, makeContent) => {
      const opener = root.querySelector(id);
      // the second click of a double click would close the form
      opener.addEventListener('click', ({ detail }) => { if (detail < 2) this.#toggle(opener, makeContent); });
    };
    addOpener('#new-chat', () => [newChatForm(this.agents, {
      create: (body) => this.#create(body), cancel: () => this.#close(),
    })]);
    addOpener('#fault', () => this.#faultForm());
    addOpener('#reset', () => this.#question(RESET, 'Reset the service', () => this.#reset()));
    addOpener('#forget', () => this.#question(FORGET, 'Forget the sessions', () => this.forget()));
    this.area.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.#close(); });
  }

  // Ends the CometD sessions of an agent, or of all agents.
  async forget(agent) {
    const sessions = agent ? { agent } : {};
    return this.#perform(() => this.actions.perform('Forget sessions', 'sessions/forget', sessions));
  }

  // Shows the time of a state, and keeps its agents for the form of a new chat.
  show(state) {
    this.agents = state.agents.map(({ userName }) => userName);
    this.clock.show(state);
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
    this.area.setAttribute('aria-label', opener.textContent);
    this.area.replaceChildren(...makeContent());
    this.area.querySelector('select, input, button')?.focus();
  }

  #close() {
    this.openButton?.setAttribute('aria-expanded', 'false');
    this.openButton?.focus();
    this.openButton = undefined;
    this.faultForm = undefined;
    this.error.textContent = '';
    this.area.replaceChildren();
  }

  // Returns the elements that ask before the action.
  #question(text, label, action) {
    const confirm = button(label, async () => { if (await action()) this.#close(); });
    confirm.className = 'main';
    return [
      make('p', {}, text),
      make('div', { class: 'row' }, confirm, button('Cancel', () => this.#close())),
    ];
  }

  async #create(body) {
    let chat;
    const create = async () => { chat = await this.actions.perform('Create a chat', 'chats', body); };
    if (!await this.#perform(create)) return false;
    this.#close();
    this.announce('The chat was created.');
    this.onCreate({ chat: chat.id, agent: body.agents[0].agent });
    return true;
  }

  #faultForm() {
    this.faultForm = new FaultForm(this.agents, this.memory.choices(), {
      inject: (fault) => this.#changeFaults(`Inject fault ${fault.effect}`, fault),
      clear: () => this.#changeFaults('Remove all faults', undefined, { method: 'DELETE' }),
      cancel: () => this.#close(),
    });
    this.showFaults();
    return this.faultForm.elements;
  }

  async #changeFaults(name, body, options) {
    const isDone = await this.#perform(() => this.actions.perform(name, 'faults', body, options));
    await this.showFaults();
    return isDone;
  }

  // Reads how often the faults have happened.
  async showFaults() {
    const { faults } = await simulate('faults');
    const count = faults.filter(({ isActive }) => isActive).length;
    this.faultButton.textContent = count ? `Faults (${count} active)` : 'Faults';
    this.faultButton.classList.toggle('warning', count > 0);
    this.faultForm?.showFaults(faults);
  }
}
