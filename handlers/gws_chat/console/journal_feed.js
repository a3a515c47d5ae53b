// Follows the journal of the service. It holds one request and no CometD session, so no desktop notices it.

import { pause } from './elements.js';
import { simulate } from './service.js';

const TIMEOUT = 5000; // milliseconds that a request waits for the next entry
const INTERVAL = 100; // milliseconds between two requests, so that a burst arrives in few responses
const RETRY_INTERVAL = 1000;
const MAX_CHECKED = 100; // entries; after more, a reset is not looked for, because the check would read them again

export class JournalFeed {
  // `onEntries` is called with the entries that are new or have changed, oldest first, possibly none. `onReset` and
  // `onRestart` are called before the entries that follow a reset or a restart of the service, `onMissed` with the
  // number of entries that the journal has dropped before the page could read them. `onConnection` is called with
  // whether the service responds.
  constructor({ onEntries, onReset, onRestart, onMissed, onConnection }) {
    Object.assign(this, { onEntries, onReset, onRestart, onMissed, onConnection });
    this.#start();
  }

  async run() {
    let timeout = 0; // a request that waits shows late that the service responds
    for (;;) {
      try {
        const count = await this.#read(timeout);
        this.onConnection(true);
        timeout = TIMEOUT;
        if (count <= MAX_CHECKED) await pause(INTERVAL); // in a longer burst the journal drops entries
      } catch (error) {
        this.onConnection(false, error);
        timeout = 0;
        await pause(RETRY_INTERVAL);
      }
    }
  }

  // Forgets the latest entry, because the page itself has reset the service.
  expectReset() {
    this.latest = undefined;
    this.position = undefined;
  }

  #start() {
    this.change = 0;
    this.position = undefined; // of the latest entry that was read
    this.latest = undefined;
  }

  // Reads the entries that are new or have changed, and returns their number. Waits for the first for `timeout`.
  async #read(timeout) {
    const { change, position, entries } = await simulate(`journal?changedAfter=${this.change}&timeout=${timeout}`);
    if (change < this.change) { // changes are counted from the start of the service
      this.#start();
      this.onRestart();
      return 0;
    }
    this.change = change;
    if (await this.#wasReset(entries)) {
      this.latest = undefined;
      this.onReset();
    } else this.#countMissed(position, entries);
    this.position = position;
    for (const entry of entries) {
      if (!this.latest || entry.change > this.latest.change) this.latest = entry;
    }
    this.onEntries(entries);
    return entries.length;
  }

  // Positions are consecutive.
  #countMissed(position, entries) {
    if (this.position === undefined) return;
    const missed = position - this.position - entries.filter((entry) => entry.position > this.position).length;
    if (missed > 0) this.onMissed(missed);
  }

  // Returns whether the latest entry has left the journal. A reset has no entry, and the counters keep increasing.
  async #wasReset(entries) {
    const { latest } = this;
    if (!latest || entries.length > MAX_CHECKED) return false;
    if (entries.some(({ position }) => position === latest.position)) return false;
    const check = await simulate(`journal?after=${latest.position - 1}&changedAfter=${latest.change - 1}`);
    return this.latest === latest && check.entries[0]?.position !== latest.position;
  }
}
