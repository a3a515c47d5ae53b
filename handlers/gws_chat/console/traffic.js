// The traffic so far, grouped by request: each group has a request and the notifications that it caused.
//
// A group is {key, request, cause, notifications, divider}. Without a request, a timer caused the notifications, or the
// request at the position `cause`, which is not in the traffic any more. A divider has a text only.

import { CLOSING_FAULTS, entriesOf } from './traffic_filter.js';

const MAX_ENTRIES = 10_000;
const SAME_MOMENT = 50; // milliseconds from the first to the last notification of a timer that form one group

export class Traffic {
  constructor() {
    this.restartCount = 0; // of the service, because positions begin again
    this.dividerCount = 0;
    this.#start();
    this.groups = []; // oldest first
    this.entryCount = 0;
  }

  get isPaused() {
    return Boolean(this.waiting);
  }

  // Ignores the entries up to this position.
  ignoreUntil(position) {
    this.clearedUntil = position;
  }

  // Removes all groups but those whose request has no response yet. Later changes of the others are ignored.
  clear() {
    this.groups = this.groups.filter(({ request }) => request && isPending(request));
    this.clearedUntil = this.position;
    this.byCause.clear();
    this.byPosition.clear();
    for (const group of this.groups) for (const { position } of entriesOf(group)) this.byPosition.set(position, group);
    this.entryCount = this.byPosition.size;
  }

  // From now on new entries, changes and dividers wait until `resume`.
  pause() {
    this.waiting = new Map();
    this.waitingGroups = 0; // the number of groups that have arrived meanwhile
  }

  resume() {
    const items = [...this.waiting.values()];
    this.waiting = undefined;
    for (const item of items) {
      if (item.divider) this.addDivider(item.divider, item);
      else this.add([item]);
    }
  }

  // Adds or replaces entries of the journal, and returns the groups that are new or have changed.
  add(entries) {
    const changed = new Set();
    for (const entry of entries) {
      if (this.isPaused) this.#wait(`${this.dividerCount} ${entry.position}`, entry);
      else if (this.byPosition.has(entry.position) || entry.position > this.clearedUntil) changed.add(this.#add(entry));
    }
    this.#dropOldest();
    return changed;
  }

  addDivider(divider, { isRestart = false } = {}) {
    this.dividerCount += 1;
    if (this.isPaused) {
      this.#wait(`divider ${this.dividerCount}`, { divider, isRestart });
      return;
    }
    if (isRestart) this.#start();
    this.#newGroup(`d${this.dividerCount}`).divider = divider;
  }

  // Returns the requests before that of the group, since the latest divider.
  requestsBefore(group) {
    const before = this.groups.slice(0, this.groups.indexOf(group));
    const start = before.findLastIndex(({ divider }) => divider) + 1;
    return before.slice(start).map(({ request }) => request).filter(Boolean);
  }

  #start() {
    this.restartCount += 1;
    this.position = 0;
    this.clearedUntil = 0;
    this.byPosition = new Map(); // the group of each entry since the latest restart
    this.byCause = new Map(); // the group of notifications whose request is not in the traffic
  }

  #add(entry) {
    this.position = Math.max(this.position, entry.position);
    const known = this.byPosition.get(entry.position);
    const group = known ?? this.#groupFor(entry);
    if (isRequest(entry)) group.request = entry;
    else replaceOrAppend(group.notifications, entry);
    if (!known) this.entryCount += 1;
    this.byPosition.set(entry.position, group);
    return group;
  }

  #groupFor(entry) {
    if (isRequest(entry)) return this.#newGroup(`r${entry.position}`);
    const { cause } = entry;
    if (cause) return this.byPosition.get(cause) ?? this.byCause.get(cause) ?? this.#newGroupOfCause(cause);
    const previous = this.byPosition.get(entry.position - 1);
    const first = previous && !previous.request && !previous.cause && previous.notifications[0];
    const isSameMoment = first && new Date(entry.at) - new Date(first.at) < SAME_MOMENT;
    return isSameMoment && first.chat === entry.chat ? previous : this.#newGroup(`n${entry.position}`);
  }

  #newGroupOfCause(cause) {
    const group = this.#newGroup(`c${cause}`);
    group.cause = cause;
    this.byCause.set(cause, group);
    return group;
  }

  #newGroup(key) {
    const group = { key: `${this.restartCount}${key}`, notifications: [] };
    this.groups.push(group);
    return group;
  }

  // Keeps the item until `resume`, instead of an earlier one with the same key.
  #wait(key, item) {
    const { cause, position, divider } = item;
    if (!this.waiting.has(key) && !divider && !cause && !this.byPosition.has(position)) this.waitingGroups += 1;
    this.waiting.set(key, item);
    if (this.waiting.size > MAX_ENTRIES) this.waiting.delete(this.waiting.keys().next().value);
  }

  #dropOldest() {
    let count = 0;
    while (this.entryCount > MAX_ENTRIES) {
      const group = this.groups[count];
      if (group.cause) this.byCause.delete(group.cause);
      for (const entry of entriesOf(group)) {
        if (this.byPosition.get(entry.position) === group) this.byPosition.delete(entry.position);
        this.entryCount -= 1;
      }
      count += 1;
    }
    if (count) this.groups.splice(0, count);
  }
}

function isRequest({ kind }) {
  return kind === 'request' || kind === 'simulation';
}

function isPending({ status, fault, clientGaveUp }) {
  return status === undefined && !clientGaveUp && !CLOSING_FAULTS.has(fault);
}

function replaceOrAppend(entries, entry) {
  const index = entries.findIndex(({ position }) => position === entry.position);
  if (index < 0) entries.push(entry);
  else entries[index] = entry;
}
