// The list of the traffic, newest first, with its filters. It is rendered at most once a frame, and only where it is
// visible, so that a burst or a long day does not slow the page down.

import { make } from './elements.js';
import { groupRow } from './group_row.js';
import { RowWindow } from './row_window.js';
import { KINDS, matches, NO_FILTER } from './traffic_filter.js';

export class TrafficView {
  // `announce` shows a short message. `onFilter` is called with the filter after the user has changed it,
  // `onClear` after the user has cleared the list.
  constructor(element, traffic, memory, { filter, announce, onFilter, onClear }) {
    Object.assign(this, { traffic, memory, announce, onFilter });
    this.list = element.querySelector('#groups');
    this.form = element.querySelector('#filter');
    this.count = element.querySelector('#group-count');
    this.pauseButton = element.querySelector('#pause');
    this.openKeys = new Set();
    this.matchingGroups = new Map(); // whether each group matches the filter
    this.window = new RowWindow(this.list, (group) => groupRow(group, this), () => this.#requestRender());
    this.form.elements.kind.append(...Object.keys(KINDS).map((name) => make('option', {}, name)));
    this.#writeFilter({ ...NO_FILTER, ...filter });
    this.form.addEventListener('input', () => this.#readFilter());
    this.form.addEventListener('submit', (event) => event.preventDefault());
    element.querySelector('#clear-filter').addEventListener('click', () => this.setFilter(NO_FILTER));
    element.querySelector('#clear-list').addEventListener('click', () => {
      traffic.clear();
      this.renderAll();
      onClear();
    });
    this.pauseButton.addEventListener('click', () => this.togglePause());
  }

  // Shows the groups that are new or have changed, with the next frame.
  update(changedGroups) {
    for (const group of changedGroups) {
      this.window.forget(group);
      this.matchingGroups.delete(group);
    }
    this.#requestRender();
  }

  renderAll() {
    this.window.forgetAll();
    this.matchingGroups.clear();
    this.#requestRender();
  }

  setFilter(changes) {
    this.#writeFilter({ ...this.filter, ...changes });
    this.#readFilter();
  }

  // Filters and "Clear" apply to the paused list as well.
  togglePause() {
    if (this.traffic.isPaused) this.traffic.resume();
    else this.traffic.pause();
    this.pauseButton.setAttribute('aria-pressed', String(this.traffic.isPaused));
    this.renderAll();
  }

  // Sets the choices of the filters: user names, and chats as [id, name].
  setChoices(agents, chats) {
    this.#setOptions('agent', agents.map((name) => [name, name]));
    this.#setOptions('chat', chats);
  }

  // Moves the focus to the next or previous part of the list that can be opened.
  moveFocus(step) {
    const summaries = [...this.list.querySelectorAll('summary')];
    const index = summaries.indexOf(document.activeElement);
    const firstVisible = () => summaries.findIndex((each) => each.getBoundingClientRect().top >= 0);
    const next = index < 0 ? firstVisible() : index + step;
    summaries[Math.min(Math.max(next, 0), summaries.length - 1)]?.focus();
  }

  #requestRender() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.#render(); });
  }

  #render() {
    const { groups, isPaused, waitingGroups } = this.traffic;
    for (const { dataset, open } of this.list.querySelectorAll('details')) {
      if (open) this.openKeys.add(dataset.part);
      else this.openKeys.delete(dataset.part);
    }
    const shown = groups.filter((group) => group.divider || this.#isMatching(group)).reverse();
    const total = countGroups(groups);
    const matching = countGroups(shown);
    const focused = this.list.contains(document.activeElement) && document.activeElement.closest('[data-part]');
    const part = focused?.dataset?.part;
    this.window.render(total && !matching ? [] : shown); // dividers alone would hide that nothing matches
    if (part && !this.list.contains(document.activeElement)) {
      this.list.querySelector(`[data-part="${CSS.escape(part)}"] > summary`)?.focus({ preventScroll: true });
    }
    this.count.textContent = total === matching ? `${total} shown` : `${matching} of ${total} shown`;
    this.list.dataset.empty = total ? 'filtered' : 'all';
    this.pauseButton.textContent = isPaused ? `Resume (${waitingGroups} new)` : 'Pause';
  }

  // Whether the group matches the filter. It is remembered until the group or the filter changes.
  #isMatching(group) {
    if (!this.matchingGroups.has(group)) {
      this.matchingGroups.set(group, matches(group, this.filter, this.memory));
    }
    return this.matchingGroups.get(group);
  }

  #readFilter() {
    const { agent, chat, kind, text, errorsOnly } = this.form.elements;
    this.filter = {
      agent: agent.value, chat: chat.value, kind: kind.value, text: text.value, errorsOnly: errorsOnly.checked,
    };
    this.onFilter(this.filter);
    this.matchingGroups.clear();
    this.#requestRender();
  }

  // A chosen agent or chat may not be among the options yet.
  #writeFilter(filter) {
    this.filter = filter;
    for (const name of ['agent', 'chat', 'kind', 'text']) {
      const field = this.form.elements[name];
      if (filter[name] && field.options && ![...field.options].some(({ value }) => value === filter[name])) {
        field.append(make('option', { value: filter[name] }, this.memory.chatName(filter[name])));
      }
      field.value = filter[name];
    }
    this.form.elements.errorsOnly.checked = filter.errorsOnly;
  }

  #setOptions(name, choices) {
    const field = this.form.elements[name];
    const { value } = field;
    const isListed = !value || choices.some(([each]) => each === value);
    const listed = isListed ? choices : [...choices, [value, this.memory.chatName(value)]];
    const text = JSON.stringify(listed);
    if (field.dataset.choices === text) return;
    field.dataset.choices = text;
    field.replaceChildren(field.options[0], ...listed.map(([each, label]) => make('option', { value: each }, label)));
    field.value = value;
  }
}

function countGroups(groups) {
  return groups.filter(({ divider }) => !divider).length;
}
