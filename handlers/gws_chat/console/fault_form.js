// The form that injects a fault, and the list of the faults since the reset.

import { button, make } from './elements.js';
import { FAULTS, MEANINGS } from './faults.js';
import { operationForm } from './form.js';
import { AGENT_OPERATIONS } from './operations.js';

const INJECT = 'Inject the fault';
const SCOPE = 'Faults of requests and polls apply to desktops, not to the buttons of this page, which send to'
  + ' /simulation. Faults of notifications apply to all.';

export class FaultForm {
  // `agents` are user names, `chats` are [id, name]. `inject(fault)` returns whether the service has accepted it.
  constructor(agents, chats, { inject, clear, cancel }) {
    Object.assign(this, { agents, chats, inject, cancel });
    this.effect = make('select', { change: () => this.#showForm() });
    this.effect.append(...Object.keys(FAULTS).map((name) => make('option', {}, name)));
    this.meaning = make('p', { class: 'hint' });
    this.area = make('div');
    this.list = make('ul', { class: 'faults', 'aria-label': 'Faults since the reset' });
    this.clear = button('Remove all faults', clear);
    this.elements = [
      make('label', {}, make('span', {}, 'effect'), this.effect),
      this.meaning,
      this.area,
      this.list,
      make('div', { class: 'row' }, this.clear),
      make('p', { class: 'hint' }, SCOPE),
    ];
    this.#showForm();
  }

  showFaults(faults) {
    this.clear.hidden = !faults.some(({ isActive }) => isActive);
    this.list.replaceChildren(...faults.map(({ fault: { effect, ...selected }, fired, isActive }) => make(
      'li',
      {},
      make('b', {}, effect),
      ` ${Object.entries(selected).map(([name, value]) => `${name}=${value}`).join(', ')} `,
      make(
        'span',
        { class: isActive ? 'tag warning' : 'tag' },
        `${isActive ? 'active' : 'over'}, happened ${times(fired)}`,
      ),
    )));
  }

  #showForm() {
    this.meaning.textContent = MEANINGS[this.effect.value];
    const choices = { agent: this.agents, chat: this.chats };
    const parameters = FAULTS[this.effect.value].map((each) => (
      each.name in choices ? { ...each, kind: 'choice', choices: choices[each.name] } : each
    ));
    const operations = parameters.find(({ name }) => name === 'operationName');
    if (operations) Object.assign(operations, { suggestions: Object.keys(AGENT_OPERATIONS) });
    const send = (values) => this.#inject(values);
    this.area.replaceChildren(operationForm(INJECT, parameters, { send, cancel: this.cancel }));
  }

  // The form's own name stands in `operationName` if the fault has none.
  #inject({ operationName, ...values }) {
    const effect = this.effect.value;
    return this.inject({ effect, ...values, ...(operationName === INJECT ? {} : { operationName }) });
  }
}

function times(count) {
  return count === 1 ? 'once' : `${count} times`;
}
