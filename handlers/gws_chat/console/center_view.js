// The contact center at a glance, from /simulation/state: agents, chats, queues and waiting customers.

import { button, make, replaceKeepingFocus } from './elements.js';

const MAX_SHOWN = 100; // agents, and chats

export class CenterView {
  // `memory` knows the names of customers who have left. `onSelect` is called with {chat, agent} to act, without `agent`
  // as the customer. `onShowAgent` and `onShowChat` are called with the agent or chat whose traffic to show, `onForget`
  // with the agent whose sessions to forget.
  constructor(element, memory, { onSelect, onShowAgent, onShowChat, onForget }) {
    Object.assign(this, { memory, onSelect, onShowAgent, onShowChat, onForget });
    this.agents = element.querySelector('#agents');
    this.chats = element.querySelector('#chats');
    this.queues = element.querySelector('#queues');
    this.search = element.querySelector('#find');
    this.search.addEventListener('input', () => this.#render());
  }

  show(state, selection) {
    const shown = JSON.stringify([{ ...state, change: 0 }, selection]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.state = state;
    this.selection = selection;
    this.#render();
  }

  #render() {
    const { agents, chats, queues, waitingChats } = this.state;
    const wanted = this.search.value.toLowerCase();
    const found = (each) => JSON.stringify(each).toLowerCase().includes(wanted);
    this.#fill(this.agents, agents.filter(found), (agent) => this.#agentItem(agent), 'agents');
    this.#fill(this.chats, chats.filter(found), (chat) => this.#chatItem(chat, waitingChats), 'chats');
    const entries = Object.entries(queues);
    this.queues.replaceChildren(...(entries.length ? entries.map(([name, members]) => (
      make('li', {}, make('b', {}, name), ` ${members.join(', ') || 'no agents'}`)
    )) : [make('li', { class: 'hint' }, 'No queues.')]));
  }

  #fill(list, all, itemOf, what) {
    const items = all.slice(0, MAX_SHOWN).map(itemOf);
    const addHint = (text) => items.push(make('li', { class: 'hint' }, text));
    if (all.length > MAX_SHOWN) addHint(`${all.length - MAX_SHOWN} more ${what}: find them by name`);
    if (!all.length) addHint(`No ${what}${this.search.value ? ' found' : ''}.`);
    replaceKeepingFocus(list, ...items);
  }

  #agentItem({ userName, channels, sessions }) {
    const states = Object.entries(channels).map(([channel, state]) => (
      make('span', { class: `tag ${state === 'Ready' ? 'good' : 'warning'}` }, `${channel} ${state}`)
    ));
    const show = button(userName, () => this.onShowAgent(userName));
    show.dataset.focus = `agent ${userName}`;
    show.title = `Show only the traffic of ${userName}`;
    show.className = 'link';
    const listening = sessions ? `listens, ${sessions} CometD session${sessions > 1 ? 's' : ''}` : 'does not listen';
    const parts = [show, ...(states.length ? states : [make('span', { class: 'tag' }, 'no contact-center session')])];
    parts.push(make('span', { class: sessions ? 'listening' : 'hint' }, listening));
    if (sessions) {
      const forget = button('Forget', () => this.onForget(userName));
      forget.setAttribute('aria-label', `Forget the CometD sessions of ${userName}`);
      forget.dataset.focus = `forget ${userName}`;
      forget.className = 'small';
      parts.push(forget);
    }
    return make('li', { 'data-agent-state': userName }, ...parts);
  }

  #chatItem(chat, waitingChats) {
    const { id, customer, agents } = chat;
    const name = this.memory.customerOf(id) ?? 'Customer';
    const show = button(name, () => this.onShowChat(id));
    show.dataset.focus = `chat ${id}`;
    show.title = 'Show only the traffic of this chat';
    show.className = 'link';
    const actors = agents.map(({ agent, state, role }) => (
      this.#actorButton(id, agent, agent, role ? `${state}, ${role}` : state, state)
    ));
    if (!customer) show.append(make('small', {}, ' has left'));
    if (customer) actors.push(this.#actorButton(id, undefined, customer, 'customer', 'customer'));
    const waits = waitingChats.includes(id) ? [make('span', { class: 'tag warning' }, 'waits for an agent')] : [];
    return make(
      'li',
      { 'data-chat-state': id },
      make('div', { class: 'chat-title' }, show, make('code', {}, id), ...waits),
      make('div', { class: 'row', role: 'group', 'aria-label': `Act in the chat of ${name}` }, ...actors),
    );
  }

  #actorButton(chat, agent, name, note, state) {
    const element = button('', () => this.onSelect({ chat, agent }));
    element.append(make('b', {}, name), ` ${note}`);
    element.dataset.focus = `act ${chat} ${agent ?? ''}`;
    element.dataset.state = state;
    element.className = 'actor';
    element.title = `Act as ${name}`;
    element.setAttribute('aria-pressed', String(this.selection?.chat === chat && this.selection.agent === agent));
    return element;
  }
}
