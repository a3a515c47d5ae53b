// A chat as an agent or the customer sees it: participants, user data, transcript, and a button for each capability.

import { button, clockTime, make } from './elements.js';
import { operationForm } from './form.js';
import { KEEP_FORM_OPEN } from './operations.js';

// The content of a message in the transcript, by its type.
const CONTENT = {
  Text: ({ text }) => text,
  Notice: ({ text }) => text,
  CustomNotice: ({ noticeText }) => noticeText,
  PushUrl: ({ url }) => url,
  ParticipantJoined: () => 'joined',
  ParticipantLeft: () => 'left',
  TypingStarted: () => 'is typing',
  TypingStopped: () => 'stopped typing',
};

export class ChatView {
  // `operations` are the agent's or the customer's operations. `perform(body)` posts an operation and throws if it
  // is rejected. `suggestions(participants)` returns the agents to suggest as targets. `dismiss` removes the view.
  constructor(id, operations, { perform, suggestions, dismiss }) {
    this.id = id;
    this.operations = operations;
    this.perform = perform;
    this.suggestions = suggestions;
    this.dismiss = dismiss;
    this.lines = new Map(); // by message index
    this.name = make('strong');
    this.badge = make('span', { class: 'badge' });
    this.participantList = make('ul', { class: 'participants', 'aria-label': 'Participants' });
    this.userData = make('dl', { class: 'user-data', 'aria-label': 'User data' });
    this.transcript = make('ol', { class: 'transcript', 'aria-label': 'Transcript', 'aria-live': 'polite', tabindex: 0 });
    this.buttons = make('div', { class: 'row', role: 'group', 'aria-label': 'Operations' });
    this.formArea = make('div', { class: 'form-area' });
    this.error = make('p', { class: 'error', role: 'alert' });
    this.summary = make('summary', {}, this.name, ' ', this.badge, ' ', make('code', {}, id));
    this.element = make(
      'details',
      { class: 'chat', open: '', 'data-chat': id },
      this.summary, this.participantList, this.userData, this.transcript, this.buttons, this.formArea, this.error,
    );
  }

  // Shows the current state of the chat.
  show({ state, capabilities, participants, userData = {} }) {
    this.#showState(state);
    const customer = participants.find(({ type }) => type === 'Customer');
    if (customer) this.name.textContent = customer.nickname;
    this.name.textContent ||= 'Customer has left';
    this.participants = participants;
    this.participantList.replaceChildren(...participants.map(participantItem));
    this.userData.replaceChildren(...Object.entries(userData).flatMap(([key, value]) => (
      [make('dt', {}, key), make('dd', {}, typeof value === 'string' ? value : JSON.stringify(value))]
    )));
    this.#showButtons(capabilities);
  }

  // Shows that the chat is over for this agent or customer. The transcript stays visible.
  showEnd(state) {
    this.#showState(state);
    this.participantList.replaceChildren();
    this.#showButtons([]);
  }

  // Adds messages to the transcript, in the order of their index. Ignores messages already shown.
  addMessages(messages) {
    const isAtEnd = this.transcript.scrollTop + this.transcript.clientHeight >= this.transcript.scrollHeight - 4;
    for (const message of messages) {
      if (!this.lines.has(message.index)) {
        const line = transcriptLine(message);
        const following = [...this.lines.keys()].filter((index) => index > message.index);
        this.transcript.insertBefore(line, following.length ? this.lines.get(Math.min(...following)) : null);
        this.lines.set(message.index, line);
      }
    }
    if (isAtEnd) this.transcript.scrollTop = this.transcript.scrollHeight;
  }

  clearMessages() {
    this.lines.clear();
    this.transcript.replaceChildren();
  }

  // Opens the form of an operation below the buttons.
  openForm(name) {
    this.closeForm();
    const suggestions = this.suggestions(this.participants);
    const parameters = this.operations[name].map((each) => (each.kind === 'agent' ? { ...each, suggestions } : each));
    const form = operationForm(name, parameters, {
      send: (body) => this.#send(body),
      cancel: () => { this.closeForm(); this.#button(name)?.focus(); },
    });
    this.formArea.replaceChildren(form);
    this.openName = name;
    this.#button(name)?.setAttribute('aria-expanded', 'true');
    form.elements[0].focus();
  }

  closeForm() {
    this.#button(this.openName)?.setAttribute('aria-expanded', 'false');
    this.openName = undefined;
    this.formArea.replaceChildren();
  }

  #showState(state) {
    this.state = state;
    this.badge.textContent = state;
    this.element.dataset.state = state;
  }

  // Performs an operation and returns whether the service accepted it.
  async #send(body) {
    this.error.textContent = '';
    try {
      await this.perform(body);
    } catch (error) {
      this.error.textContent = `${body.operationName}: ${error.message}`;
      return false;
    }
    if (this.openName === body.operationName) {
      if (KEEP_FORM_OPEN.has(this.openName)) this.formArea.querySelector('[name]').focus();
      else {
        this.closeForm();
        (this.#button(body.operationName) ?? this.summary).focus();
      }
    }
    return true;
  }

  // Shows a button for each capability. If the focused button disappears, the chat's heading gets the focus.
  #showButtons(capabilities) {
    const names = capabilities.length ? capabilities : ['Dismiss'];
    const current = [...this.buttons.children];
    if (names.join() === current.map(({ textContent }) => textContent).join()) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const buttons = names.map((name) => this.#button(name) ?? this.#makeButton(name));
    if (this.openName && !names.includes(this.openName)) this.closeForm();
    this.buttons.replaceChildren(...buttons);
    if (focused) (focused.isConnected ? focused : this.summary).focus();
  }

  #button(name) {
    return [...this.buttons.children].find(({ textContent }) => textContent === name);
  }

  #makeButton(name) {
    if (name === 'Dismiss') return button(name, this.dismiss);
    const parameters = this.operations[name] ?? [];
    const onClick = () => {
      if (!parameters.length) this.#send({ operationName: name });
      else if (this.openName === name) this.closeForm();
      else this.openForm(name);
    };
    const element = button(name, onClick);
    if (parameters.length) element.setAttribute('aria-expanded', 'false');
    if (name === 'Leave') element.classList.add('main');
    return element;
  }
}

function participantItem({ nickname, type, visibility }) {
  const note = visibility === 'Agents' ? ', visible to agents only' : '';
  return make('li', {}, nickname, make('small', {}, ` ${type}${note}`));
}

export function transcriptLine(message) {
  const content = CONTENT[message.type]?.(message) ?? message.type;
  const labels = [
    message.type.endsWith('Notice') ? message.type : '',
    message.messageType ?? '',
    message.treatAs ?? '',
    message.visibility === 'Agents' ? 'agents only' : '',
  ].filter(Boolean);
  return make(
    'li',
    { 'data-type': message.type },
    clockTime(new Date(message.timestampSeconds)), // in milliseconds, despite the name
    ' ',
    make('b', {}, message.from.nickname),
    ' ',
    make('span', { class: 'content' }, content),
    ...labels.map((label) => make('small', { class: 'label' }, label)),
  );
}
