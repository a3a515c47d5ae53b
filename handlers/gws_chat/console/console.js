// Connects the parts of the console while the simulation is on: feed, traffic, contact center, operations, control.

import { ActPanel } from './act_panel.js';
import { Actions } from './actions.js';
import { CenterView } from './center_view.js';
import { ChatMemory } from './chat_memory.js';
import { ControlView } from './control_view.js';
import { pause } from './elements.js';
import { JournalFeed } from './journal_feed.js';
import { simulate } from './service.js';
import { addShortcuts } from './shortcuts.js';
import { Traffic } from './traffic.js';
import { TrafficView } from './traffic_view.js';
import { UnknownRequestsView } from './unknown_requests.js';
import { keep, kept } from './view_state.js';

const REFRESH_INTERVAL = 250; // milliseconds between two requests of the state

export class Console {
  constructor(root, announce) {
    this.root = root;
    this.connection = document.querySelector('#connection');
    this.memory = new ChatMemory();
    this.traffic = new Traffic();
    this.actions = new Actions((operation) => this.#onAction(operation, announce));
    this.trafficView = new TrafficView(root.querySelector('#traffic'), this.traffic, this.memory, {
      filter: kept('filter', {}),
      announce,
      onFilter: (filter) => keep('filter', filter),
      onClear: () => keep('cleared', { startedAt: this.state.startedAt, position: this.traffic.position }),
    });
    this.act = new ActPanel(root.querySelector('#act'), this.memory, this.actions, () => this.#select(undefined));
    this.control = new ControlView(root, this.actions, this.memory, {
      announce,
      onCreate: (selection) => this.#select(selection),
      onDue: () => this.#refreshState(),
    });
    this.center = new CenterView(root.querySelector('#center'), this.memory, {
      onSelect: (selection) => this.#select(selection),
      onShowAgent: (agent) => {
        this.#showTraffic({ agent, chat: '' });
        announce(`Only the traffic of ${agent} is shown.`);
      },
      onShowChat: (chat) => {
        this.#showTraffic({ chat, agent: '' });
        announce(`Only the traffic of ${this.memory.chatName(chat)} is shown.`);
      },
      onForget: (agent) => this.control.forget(agent),
    });
    this.unknownRequests = new UnknownRequestsView(root.querySelector('#unknown'), announce);
    this.selection = kept('selection', undefined);
    this.#addPanes();
    this.#addShortcuts();
  }

  // Shows the state and follows the journal. Never returns.
  async run(state) {
    this.#showState(state);
    const cleared = kept('cleared', {}); // positions begin again at a restart of the service
    if (cleared.startedAt === state.startedAt) this.traffic.ignoreUntil(cleared.position);
    this.feed = new JournalFeed({
      onEntries: (entries) => this.#onEntries(entries),
      onReset: () => this.#onNewStart('The service was reset'),
      onRestart: () => this.#onNewStart('The service was restarted', { isRestart: true }),
      onMissed: (count) => this.traffic.addDivider(`${count} entries are missing: the journal had dropped them`),
      onConnection: (isConnected, error) => this.#showConnection(isConnected, error),
    });
    await this.feed.run();
  }

  #onEntries(entries) {
    this.memory.addEntries(entries);
    this.trafficView.update(this.traffic.add(entries));
    this.#refreshState();
  }

  #onNewStart(text, options) {
    this.memory.forgetContents();
    this.traffic.addDivider(text, options);
    this.trafficView.update([]);
    this.#refreshState();
  }

  #onAction(operation, announce) {
    if (this.traffic.isPaused) announce(`${operation} was sent. The traffic is paused.`);
    this.#refreshState();
  }

  // Reads the state. While a request is under way, at most one more waits for it.
  async #refreshState() {
    if (this.isRefreshing) {
      this.refreshAgain = true;
      return;
    }
    this.isRefreshing = true;
    try {
      this.#showState(await this.#readState());
      await this.unknownRequests.refresh();
      await this.control.showFaults();
    } catch {
      // the feed shows that the service does not respond
    }
    await pause(REFRESH_INTERVAL);
    this.isRefreshing = false;
    if (!this.refreshAgain) return;
    this.refreshAgain = false;
    this.#refreshState();
  }

  // Reads the state, with the transcript of the selected chat. A chat that a reset has removed is no longer selected.
  async #readState() {
    const { selection } = this;
    const state = await simulate(selection ? `state?chat=${encodeURIComponent(selection.chat)}` : 'state');
    if (selection && selection === this.selection && !state.transcript) this.#setSelection(undefined);
    return state;
  }

  #showState(state) {
    this.state = state;
    const count = this.memory.chats.size;
    this.memory.addState(state);
    this.control.show(state);
    this.trafficView.setChoices(this.control.agents, this.memory.choices());
    if (this.memory.chats.size !== count) this.trafficView.renderAll(); // chats have got their names
    this.center.show(state, this.selection);
    this.act.show(this.selection, state);
  }

  #setSelection(selection) {
    this.selection = selection;
    keep('selection', selection);
  }

  // Selects an agent or customer to act for, or nobody.
  async #select(selection) {
    this.#setSelection(selection);
    if (selection) this.#showPane('traffic');
    const isKnown = !selection || this.state.chats.some(({ id }) => id === selection.chat);
    this.#showState(isKnown ? this.state : await this.#readState());
    if (selection) this.act.focus();
    this.#refreshState(); // reads the transcript
  }

  #showTraffic(filter) {
    this.trafficView.setFilter(filter);
    this.#showPane('traffic');
  }

  #showConnection(isConnected, error) {
    const text = isConnected ? 'live' : `${error.message}, trying again`;
    if (this.connection.textContent !== text) this.connection.textContent = text;
    this.connection.dataset.connected = isConnected;
  }

  // On a narrow screen one pane is visible at a time.
  #addPanes() {
    for (const tab of this.root.querySelectorAll('[data-shows]')) {
      tab.addEventListener('click', () => this.#showPane(tab.dataset.shows));
    }
    this.#showPane(kept('pane', 'center'));
  }

  #showPane(name) {
    keep('pane', name);
    this.root.dataset.pane = name;
    for (const tab of this.root.querySelectorAll('[data-shows]')) {
      tab.setAttribute('aria-pressed', String(tab.dataset.shows === name));
    }
  }

  #addShortcuts() {
    const click = (selector) => () => this.root.querySelector(selector).click();
    const focus = (pane, selector) => () => { this.#showPane(pane); this.root.querySelector(selector)?.focus(); };
    addShortcuts([
      ['j', 'next request or notification', () => this.trafficView.moveFocus(1)],
      ['k', 'previous request or notification', () => this.trafficView.moveFocus(-1)],
      ['p', 'pause or resume the traffic', () => this.trafficView.togglePause()],
      ['e', 'show errors only, or everything', click('[name=errorsOnly]')],
      ['x', 'remove the filters', click('#clear-filter')],
      ['/', 'search the traffic', focus('traffic', '#filter [name=text]')],
      ['c', 'go to the chats', focus('center', '#chats .actor')],
      ['a', 'go to the operations of the selected agent or customer', () => this.act.focus()],
      ['n', 'create a chat', click('#new-chat')],
      ['f', 'inject a fault', click('#fault')],
      ['R', 'reset the service, after a question', click('#reset')],
    ], document.querySelector('#shortcuts'));
  }
}
