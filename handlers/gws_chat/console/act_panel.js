// Acts as an agent or as the customer of a chat, without a password: the operations, their forms, the transcript.

import { button, make } from './elements.js';
import { operationForm } from './form.js';
import { AGENT_OPERATIONS, CUSTOMER_OPERATIONS, KEEP_FORM_OPEN, operationsByUse } from './operations.js';
import { TranscriptView } from './transcript_view.js';

const DOUBLE_CLICK = 500; // milliseconds; within them a second click sends nothing

export class ActPanel {
  // `actions` performs the operations. `onClose` is called when the user closes the panel.
  constructor(element, memory, actions, onClose) {
    Object.assign(this, { element, memory, actions, onClose });
    this.title = make('h2');
    this.note = make('p', { class: 'hint' });
    this.buttons = make('div', { class: 'row', role: 'group', 'aria-label': 'Operations' });
    this.more = make('div', { class: 'row', role: 'group', 'aria-label': 'More operations' });
    this.moreDetails = make('details', { class: 'more' }, make('summary', {}, 'More operations'), this.more);
    this.formArea = make('div', { class: 'form-area' });
    this.error = make('p', { class: 'error', role: 'alert' });
    this.transcript = new TranscriptView();
    const close = button('Close', () => this.onClose());
    element.replaceChildren(
      make('header', {}, this.title, close),
      make(
        'div',
        { class: 'act' },
        make('div', { class: 'acts' }, this.note, this.buttons, this.formArea, this.error),
        this.transcript.element,
        this.moreDetails,
      ),
    );
  }

  // Shows the panel for {chat, agent}, or hides it without a selection. `state` is that of the contact center.
  show(selection, state) {
    this.element.hidden = !selection;
    if (!selection) return;
    const { chat: id, agent } = selection;
    const isNew = id !== this.id || agent !== this.agent;
    Object.assign(this, { id, agent, state });
    const chat = state.chats.find((each) => each.id === id);
    const participation = agent && chat?.agents.find((each) => each.agent === agent);
    const name = agent ?? this.memory.customerOf(id) ?? 'unknown';
    this.title.textContent = agent ? `Act as ${name} in ${this.memory.chatName(id)}` : `Act as ${name}, the customer`;
    if (isNew) {
      this.closeForm();
      this.error.textContent = '';
      this.operationsShown = undefined;
      this.sentAt = undefined;
    }
    this.#showOperations(chat, participation);
    this.transcript.show(state.transcript?.chat === id ? state.transcript : undefined);
  }

  // Puts the focus on the first operation.
  focus() {
    this.element.querySelector('.acts button')?.focus();
  }

  closeForm() {
    this.openName = undefined;
    this.formArea.replaceChildren();
  }

  #showOperations(chat, participation) {
    const isPresent = this.agent ? Boolean(participation) : Boolean(chat?.customer);
    const none = { common: [], others: [], rejected: [] };
    const { common, others, rejected } = isPresent ? this.#operations(chat, participation) : none;
    this.note.textContent = noteFor(this.agent, isPresent, participation?.state);
    if (!isPresent) {
      this.closeForm();
      this.error.textContent = '';
    }
    const shown = JSON.stringify([common, others, rejected]);
    if (shown === this.operationsShown) return;
    this.operationsShown = shown;
    const isOffered = [...common, ...others, ...rejected].includes(this.openName);
    if (this.openName && (!isOffered || rejected.includes(this.openName))) this.closeForm();
    const hadFocus = this.element.contains(document.activeElement);
    const buttonsOf = (names) => names.map((name) => this.#operationButton(name));
    this.buttons.replaceChildren(...buttonsOf(common));
    this.buttons.querySelector('button')?.classList.add('main');
    const tail = rejected.length ? [make('p', { class: 'hint' }, 'Rejected in this state:')] : [];
    this.more.replaceChildren(...buttonsOf(others), ...tail, ...buttonsOf(rejected));
    this.moreDetails.hidden = !others.length && !rejected.length;
    if (hadFocus && !this.element.contains(document.activeElement)) this.focus();
  }

  #operations(chat, participation) {
    if (!this.agent) return { common: Object.keys(CUSTOMER_OPERATIONS), others: [], rejected: [] };
    return operationsByUse(chat, participation, this.memory.capabilitiesOf(this.agent, this.id, participation.state));
  }

  // Returns a button that performs the operation at once if no parameter is required. Optional ones have another.
  #operationButton(name) {
    const parameters = this.#parametersOf(name);
    const needsForm = parameters.some(({ required }) => required);
    const perform = button(needsForm ? `${name}…` : name, ({ detail }) => {
      const isDoubleClick = detail > 1 || (detail === 1 && performance.now() - this.sentAt < DOUBLE_CLICK);
      if (this.isSending || isDoubleClick) return;
      if (needsForm) this.#toggleForm(name);
      else this.#send({ operationName: name });
    });
    if (needsForm || !parameters.length) return perform;
    const options = button('…', () => this.#toggleForm(name));
    options.setAttribute('aria-label', `${name} with parameters`);
    options.title = `${name} with parameters`;
    return make('span', { class: 'split' }, perform, options);
  }

  // Returns the operation's parameters. The three ways to name a target become one choice.
  #parametersOf(name) {
    const parameters = (this.agent ? AGENT_OPERATIONS : CUSTOMER_OPERATIONS)[name] ?? [];
    if (!parameters.some(({ name: each }) => each === 'targetPath')) return parameters;
    const agents = this.state.agents.filter(({ userName }) => userName !== this.agent);
    const queues = parameters.some(({ name: each }) => each === 'queueName') ? Object.keys(this.state.queues) : [];
    const choices = [
      ...agents.map(({ userName, path }) => [JSON.stringify({ targetPath: path }), userName]),
      ...queues.map((queue) => [JSON.stringify({ queueName: queue }), `queue ${queue}`]),
    ];
    const others = parameters.filter(({ name: each }) => !['targetPath', 'targetUri', 'queueName'].includes(each));
    return [{ name: 'target', kind: 'target', required: true, choices }, ...others];
  }

  #toggleForm(name) {
    const isOpen = this.openName === name;
    this.closeForm();
    if (isOpen) return;
    this.openName = name;
    this.moreDetails.open = false; // the traffic stays in view
    const form = operationForm(name, this.#parametersOf(name), {
      send: (body) => this.#send(body),
      cancel: () => { this.closeForm(); this.focus(); },
      foldOptional: true,
    });
    this.formArea.replaceChildren(form);
    form.elements[0].focus();
  }

  // Performs an operation and returns whether the service accepted it.
  async #send(body) {
    this.error.textContent = '';
    const name = body.operationName;
    this.isSending = true;
    this.sentAt = performance.now();
    try {
      await (this.agent ? this.actions.asAgent(this.id, this.agent, body) : this.actions.asCustomer(this.id, body));
    } catch (error) {
      this.error.textContent = `${name}: ${error.message}`;
      return false;
    } finally {
      this.isSending = false;
    }
    if (this.openName !== name) return true;
    if (KEEP_FORM_OPEN.has(name)) this.formArea.querySelector('[name]').focus();
    else {
      this.closeForm();
      this.focus();
    }
    return true;
  }
}

function noteFor(agent, isPresent, state) {
  if (!isPresent) return agent ? `${agent} is no longer in this chat.` : 'The customer has left this chat.';
  if (state === 'LeftChat') return 'After the Leave: set the disposition and user data, then complete the chat.';
  return 'A button sends the request at once, those with … open a form. The result appears below, in the traffic.';
}
