// The contact center at a glance, from /simulation/state: agents, chats, queues and waiting customers.

import { button, make, replaceKeepingFocus } from './elements.js';
import { keep, kept } from './view_state.js';

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
    this.waiting = element.querySelector('#waiting');
    this.waitingTitle = element.querySelector('#waiting-title');
    this.search = element.querySelector('#find');
    this.search.value = kept('find', '');
    this.search.addEventListener('input', () => { keep('find', this.search.value); this.#render(); });
  }

  show(state, selection) {
    const { agents, chats, queues, waitingChats } = state;
    const shown = JSON.stringify([agents, chats, queues, waitingChats, selection]);
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
    const items = Object.entries(queues).map(([name, members]) => (
      make('li', {}, make('b', {}, name), ` ${members.join(', ') || 'no agents'}`)
    ));
    this.queues.replaceChildren(...(items.length ? items : [make('li', { class: 'hint' }, 'No queues.')]));
    const waiting = waitingChats.slice(0, MAX_SHOWN);
    this.waiting.replaceChildren(...waiting.map((id) => make('li', {}, this.memory.chatName(id))));
    this.waitingTitle.textContent = `Customers waiting for an agent: ${waitingChats.length || 'none'}`;
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
    const listening = sessions ? `listens, ${sessions} CometD session${sessions > 1 ? 's' : ''}` : 'does not listen';
    const parts = [...(states.length ? states : [make('span', { class: 'tag' }, 'no contact-center session')])];
    parts.push(make('span', { class: sessions ? 'listening' : 'hint' }, listening));
    if (sessions) {
      const forget = button('Forget', () => this.onForget(userName));
      forget.setAttribute('aria-label', `Forget the CometD sessions of ${userName}`);
      forget.dataset.focus = `forget ${userName}`;
      forget.className = 'small';
      parts.push(forget);
    }
    const traffic = trafficButton(userName, `agent ${userName}`, () => this.onShowAgent(userName));
    const details = make('div', { class: 'agent-details' }, ...parts);
    return make('li', { 'data-agent-state': userName }, make('b', {}, userName), traffic, details);
  }

  #chatItem(chat, waitingChats) {
    const { id, customer, agents } = chat;
    const name = this.memory.customerOf(id) ?? 'Customer';
    const title = make('b', {}, name);
    const actors = agents.map(({ agent, state, role }) => (
      this.#actorButton(id, agent, agent, role ? `${state}, ${role}` : state, state)
    ));
    if (!customer) title.append(make('small', {}, ' has left'));
    else actors.push(this.#actorButton(id, undefined, name, 'customer', 'customer'));
    const waits = waitingChats.includes(id) ? [make('span', { class: 'tag warning' }, 'waits for an agent')] : [];
    return make(
      'li',
      { 'data-chat-state': id },
      make(
        'div',
        { class: 'chat-title' },
        title,
        make('code', {}, id),
        ...waits,
        trafficButton(this.memory.chatName(id), `chat ${id}`, () => this.onShowChat(id)),
      ),
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

// Returns a button that shows only the traffic of an agent or a chat.
function trafficButton(name, key, onClick) {
  const element = button('Traffic', onClick);
  element.setAttribute('aria-label', `Show only the traffic of ${name}`);
  element.title = `Show only the traffic of ${name}`;
  element.dataset.focus = key;
  element.className = 'small show-traffic';
  return element;
}
