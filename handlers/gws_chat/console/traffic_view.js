// The list of the traffic, newest first, with its filters. It is rendered at most once a frame and holds a limited
// number of groups, so that a burst or a long day does not slow the page down.

import { make } from './elements.js';
import { groupRow } from './group_row.js';
import { KINDS, matches, NO_FILTER } from './traffic_filter.js';

const PAGE = 100; // groups that are added at a time

export class TrafficView {
  // `announce` shows a short message. `onFilter` is called with the filter after the user has changed it.
  constructor(element, traffic, memory, { filter, announce, onFilter }) {
    Object.assign(this, { traffic, memory, announce, onFilter });
    this.list = element.querySelector('#groups');
    this.form = element.querySelector('#filter');
    this.count = element.querySelector('#group-count');
    this.older = element.querySelector('#older');
    this.pauseButton = element.querySelector('#pause');
    this.openKeys = new Set();
    this.rows = new Map(); // the item of each group in the list
    this.limit = PAGE;
    this.form.elements.kind.append(...Object.keys(KINDS).map((name) => make('option', {}, name)));
    this.#writeFilter({ ...NO_FILTER, ...filter });
    this.form.addEventListener('input', () => this.#readFilter());
    this.form.addEventListener('submit', (event) => event.preventDefault());
    element.querySelector('#clear-filter').addEventListener('click', () => this.setFilter(NO_FILTER));
    element.querySelector('#clear-list').addEventListener('click', () => { traffic.clear(); this.renderAll(); });
    this.pauseButton.addEventListener('click', () => this.togglePause());
    this.older.addEventListener('click', () => this.#showOlder());
    new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) this.#showOlder(); }).observe(this.older);
  }

  // Shows the groups that are new or have changed, with the next frame.
  update(changedGroups) {
    for (const group of changedGroups) this.rows.delete(group);
    this.#requestRender();
  }

  renderAll() {
    this.rows.clear();
    this.#requestRender();
  }

  setFilter(changes) {
    this.#writeFilter({ ...this.filter, ...changes });
    this.#readFilter();
  }

  togglePause() {
    this.isPaused = !this.isPaused;
    this.pauseButton.setAttribute('aria-pressed', String(this.isPaused));
    if (this.isPaused) this.pausedAt = this.traffic.groups.at(-1);
    else this.renderAll();
    this.#showPause();
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
    summaries[Math.min(Math.max(index + step, 0), summaries.length - 1)]?.focus();
  }

  #showOlder() {
    if (this.limit >= this.matching) return;
    this.limit += PAGE;
    this.#requestRender();
  }

  #requestRender() {
    if (this.isPaused) this.#showPause();
    else this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.#render(); });
  }

  #render() {
    const { groups } = this.traffic;
    for (const { dataset, open } of this.list.querySelectorAll('details')) {
      if (open) this.openKeys.add(dataset.part);
      else this.openKeys.delete(dataset.part);
    }
    const shown = [];
    let matching = 0;
    for (let index = groups.length - 1; index >= 0; index -= 1) {
      if (matches(groups[index], this.filter, this.memory)) {
        matching += 1;
        if (shown.length < this.limit) shown.push(groups[index]);
      }
    }
    this.matching = matching;
    const rows = new Map(shown.map((group) => [group, this.rows.get(group) ?? groupRow(group, this)]));
    this.rows = rows;
    this.#place([...rows.values()]);
    this.older.hidden = matching <= shown.length;
    this.count.textContent = groups.length === matching ? `${matching} shown` : `${matching} of ${groups.length} shown`;
    this.list.dataset.empty = groups.length ? 'filtered' : 'all';
  }

  // Puts the items into the list, and moves only those that are not at their place.
  #place(items) {
    const focused = this.list.contains(document.activeElement) && document.activeElement.closest('[data-part]');
    const part = focused?.dataset?.part;
    const wanted = new Set(items);
    for (const item of [...this.list.children]) if (!wanted.has(item)) item.remove();
    let place = this.list.firstChild;
    for (const item of items) {
      if (item === place) place = place.nextSibling;
      else this.list.insertBefore(item, place);
    }
    if (part && !this.list.contains(document.activeElement)) {
      this.list.querySelector(`[data-part="${CSS.escape(part)}"] > summary`)?.focus({ preventScroll: true });
    }
  }

  #showPause() {
    const { groups } = this.traffic;
    const missed = this.isPaused ? groups.length - 1 - groups.lastIndexOf(this.pausedAt) : 0;
    this.pauseButton.textContent = this.isPaused ? `Resume (${missed} new)` : 'Pause';
  }

  #readFilter() {
    const { agent, chat, kind, text, errorsOnly } = this.form.elements;
    this.filter = {
      agent: agent.value, chat: chat.value, kind: kind.value, text: text.value, errorsOnly: errorsOnly.checked,
    };
    this.limit = PAGE;
    this.onFilter(this.filter);
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
