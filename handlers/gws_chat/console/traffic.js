// The traffic so far, grouped by request: each group has a request and the notifications that it caused.
//
// A group is {key, order, request, action, notifications, divider}. `request` is an entry of the journal, `action` a
// request of this page to /simulation, which the journal does not have. Groups with neither were caused by a timer or
// by another client of /simulation. A divider has a text only.

const MAX_ENTRIES = 10_000;
const SAME_MOMENT = 50; // milliseconds between notifications without a known cause that form one group

export class Traffic {
  constructor() {
    this.run = 0; // counts the restarts of the service, because positions begin again
    this.position = 0;
    this.clear();
  }

  // Removes all groups. Later changes of their entries are ignored.
  clear() {
    this.clearedUntil = this.position;
    this.groups = []; // oldest first
    this.entryCount = 0;
    this.actions = [];
    this.byPosition = new Map(); // the group of each entry since the latest restart
  }

  // Adds or replaces entries of the journal, and returns the groups that are new or have changed.
  add(entries) {
    const changed = new Set();
    for (const entry of entries) {
      if (entry.position <= this.clearedUntil) continue;
      this.position = Math.max(this.position, entry.position);
      const group = this.byPosition.get(entry.position) ?? this.#groupFor(entry);
      if (entry.kind === 'request') group.request = entry;
      else replaceOrAppend(group.notifications, entry);
      if (!this.byPosition.has(entry.position)) this.entryCount += 1;
      this.byPosition.set(entry.position, group);
      changed.add(group);
    }
    this.#dropOldest();
    return changed;
  }

  // Adds a request of this page. Its notifications are those without a cause at the positions after `before` up to
  // `after`. While it has no `after`, they are all that arrive.
  addAction(action) {
    const group = this.#newGroup(`a${action.at}`, action.before + 0.5);
    group.action = action;
    this.actions.push(group);
  }

  groupOfAction(action) {
    return this.actions.find((group) => group.action === action);
  }

  addDivider(text, { isRestart = false } = {}) {
    const latest = this.groups.at(-1);
    this.#newGroup(`d${this.run}-${this.groups.length}-${Date.now()}`, (latest?.order ?? 0) + 0.1).divider = text;
    if (!isRestart) return;
    this.run += 1;
    this.position = 0;
    this.clearedUntil = 0;
    this.actions = [];
    this.byPosition.clear();
  }

  #groupFor(entry) {
    if (entry.kind === 'request') return this.#newGroup(`r${entry.position}`, entry.position);
    const cause = entry.cause && this.byPosition.get(entry.cause);
    if (cause) return cause;
    const action = this.actions.find((each) => isCausedBy(each.action, entry));
    if (action) return action;
    const previous = this.byPosition.get(entry.position - 1);
    const before = previous && isOrphan(previous) && previous.notifications.at(-1);
    if (before && before.chat === entry.chat && new Date(entry.at) - new Date(before.at) < SAME_MOMENT) return previous;
    return this.#newGroup(`n${entry.position}`, entry.position);
  }

  // Adds an empty group at its place. Almost always that is the end.
  #newGroup(key, order) {
    const group = { key: `${this.run}${key}`, run: this.run, order, notifications: [] };
    let index = this.groups.length;
    while (index && this.groups[index - 1].run === this.run && this.groups[index - 1].order > order) index -= 1;
    this.groups.splice(index, 0, group);
    return group;
  }

  #dropOldest() {
    let count = 0;
    while (this.entryCount > MAX_ENTRIES) {
      const group = this.groups[count];
      for (const entry of entriesOf(group)) {
        if (this.byPosition.get(entry.position) === group) this.byPosition.delete(entry.position);
        this.entryCount -= 1;
      }
      count += 1;
    }
    this.groups.splice(0, count);
  }
}

// Returns the entries of the journal in the group.
export function entriesOf({ request, notifications }) {
  return request ? [request, ...notifications] : notifications;
}

function isOrphan({ request, action, divider }) {
  return !request && !action && !divider;
}

function isCausedBy({ before, after = Infinity }, { kind, cause, position }) {
  return kind !== 'request' && cause === undefined && position > before && position <= after;
}

function replaceOrAppend(entries, entry) {
  const index = entries.findIndex(({ position }) => position === entry.position);
  if (index < 0) entries.push(entry);
  else entries[index] = entry;
}
