// A chat as one side has it: who is in it, its transcript, and a button for each of its capabilities.

import { button, clockTime, make } from './elements.js';
import { operationForm } from './form.js';
import { REPEATED } from './operations.js';

// What stands behind the name of who sent a message, by its type.
const SAID = {
  Text: ({ text }) => text,
  Notice: ({ text }) => text,
  CustomNotice: ({ noticeText }) => noticeText,
  ParticipantJoined: () => 'joined',
  ParticipantLeft: () => 'left',
  TypingStarted: () => 'is typing',
  TypingStopped: () => 'stopped typing',
};

export class ChatView {
  // `operations` are those of this side; `perform` posts one, and throws if it was refused; `suggestions` returns
  // the agents who can be asked in; `dismiss` is called when the chat is to be shown no longer.
  constructor(id, operations, { perform, suggestions, dismiss }) {
    this.id = id;
    this.operations = operations;
    this.perform = perform;
    this.suggestions = suggestions;
    this.dismiss = dismiss;
    this.messages = new Map();
    this.name = make('strong');
    this.badge = make('span', { class: 'badge' });
    this.participants = make('ul', { class: 'participants', 'aria-label': 'Participants' });
    this.userData = make('dl', { class: 'user-data', 'aria-label': 'User data' });
    this.transcript = make('ol', { class: 'transcript', 'aria-label': 'Transcript', 'aria-live': 'polite', tabindex: 0 });
    this.buttons = make('div', { class: 'row', role: 'group', 'aria-label': 'Operations' });
    this.place = make('div', { class: 'place' });
    this.fault = make('p', { class: 'fault', role: 'alert' });
    this.summary = make('summary', {}, this.name, ' ', this.badge, ' ', make('code', {}, id));
    this.element = make(
      'details',
      { class: 'chat', open: '', 'data-chat': id },
      this.summary, this.participants, this.userData, this.transcript, this.buttons, this.place, this.fault,
    );
  }

  // Shows the chat as the service has it now.
  show({ state, capabilities, participants, userData = {} }) {
    this.#enter(state);
    const customer = participants.find(({ type }) => type === 'Customer');
    if (customer) this.name.textContent = customer.nickname;
    this.name.textContent ||= 'Customer gone';
    this.people = participants;
    this.participants.replaceChildren(...participants.map(participant));
    this.userData.replaceChildren(...Object.entries(userData).flatMap(([key, value]) => (
      [make('dt', {}, key), make('dd', {}, String(value))]
    )));
    this.#offer(capabilities);
  }

  // Shows that the chat has ended for this side; the transcript stays for reading.
  end(state) {
    this.#enter(state);
    this.participants.replaceChildren();
    this.#offer([]);
  }

  add(messages) {
    const isAtEnd = this.transcript.scrollTop + this.transcript.clientHeight >= this.transcript.scrollHeight - 4;
    for (const message of messages) {
      if (!this.messages.has(message.index)) {
        const line = lineOf(message);
        const later = [...this.messages.keys()].filter((index) => index > message.index);
        this.transcript.insertBefore(line, later.length ? this.messages.get(Math.min(...later)) : null);
        this.messages.set(message.index, line);
      }
    }
    if (isAtEnd) this.transcript.scrollTop = this.transcript.scrollHeight;
  }

  forgetMessages() {
    this.messages.clear();
    this.transcript.replaceChildren();
  }

  // Opens the form of an operation, below the buttons.
  open(name) {
    this.close();
    const form = operationForm(name, this.operations[name], {
      send: (body) => this.#send(body),
      cancel: () => { this.close(); this.#button(name)?.focus(); },
      suggestions: this.suggestions(this.people),
    });
    this.place.replaceChildren(form);
    this.opened = name;
    this.#button(name)?.setAttribute('aria-expanded', 'true');
    form.elements[0].focus();
  }

  close() {
    this.#button(this.opened)?.setAttribute('aria-expanded', 'false');
    this.opened = undefined;
    this.place.replaceChildren();
  }

  #enter(state) {
    this.state = state;
    this.badge.textContent = state;
    this.element.dataset.state = state;
  }

  async #send(body) {
    this.fault.textContent = '';
    try {
      await this.perform(body);
    } catch (error) {
      this.fault.textContent = `${body.operationName}: ${error.message}`;
      return false;
    }
    if (this.opened === body.operationName) {
      if (REPEATED.has(this.opened)) this.place.querySelector('[name]').focus();
      else {
        this.close();
        (this.#button(body.operationName) ?? this.summary).focus();
      }
    }
    return true;
  }

  // Has a button for each capability; who was at one that goes is taken to the head of the chat.
  #offer(capabilities) {
    const names = capabilities.length ? capabilities : ['Dismiss'];
    const shown = [...this.buttons.children];
    if (names.join() === shown.map(({ textContent }) => textContent).join()) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const buttons = names.map((name) => this.#button(name) ?? this.#newButton(name));
    if (this.opened && !names.includes(this.opened)) this.close();
    this.buttons.replaceChildren(...buttons);
    if (focused) (focused.isConnected ? focused : this.summary).focus();
  }

  #button(name) {
    return [...this.buttons.children].find(({ textContent }) => textContent === name);
  }

  #newButton(name) {
    if (name === 'Dismiss') return button(name, this.dismiss);
    const parameters = this.operations[name] ?? [];
    const press = () => {
      if (!parameters.length) this.#send({ operationName: name });
      else if (this.opened === name) this.close();
      else this.open(name);
    };
    const made = button(name, press);
    if (parameters.length) made.setAttribute('aria-expanded', 'false');
    if (name === 'Leave') made.classList.add('main');
    return made;
  }
}

function participant({ nickname, type, visibility }) {
  const seenBy = visibility === 'Agents' ? ', seen by agents only' : '';
  return make('li', {}, nickname, make('small', {}, ` ${type}${seenBy}`));
}

function lineOf(message) {
  const said = SAID[message.type]?.(message) ?? message.type;
  const marks = [
    message.type.endsWith('Notice') ? message.type : '',
    message.messageType ?? '',
    message.treatAs ?? '',
    message.visibility === 'Agents' ? 'agents only' : '',
  ].filter(Boolean);
  return make(
    'li',
    { 'data-type': message.type },
    clockTime(new Date(message.timestampSeconds)), // milliseconds, whatever its name says
    ' ',
    make('b', {}, message.from.nickname),
    ' ',
    make('span', { class: 'said' }, said),
    ...marks.map((mark) => make('small', { class: 'mark' }, mark)),
  );
}
