// Follows the journal of the service. It holds one request and no CometD session, so no desktop notices it.

import { pause } from './elements.js';
import { simulate } from './service.js';

const TIMEOUT = 5000; // milliseconds that a request waits for the next entry
const INTERVAL = 100; // milliseconds between two requests, so that a burst arrives in few responses
const RETRY_INTERVAL = 1000;
const BURST = 100; // entries in one response, after which the next request is sent at once: the journal drops entries

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
    for (;;) {
      try {
        const count = await this.#read();
        this.onConnection(true);
        if (count <= BURST) await pause(INTERVAL);
      } catch (error) {
        this.timeout = 0; // a restarted service must not wait for entries
        this.onConnection(false, error);
        await pause(RETRY_INTERVAL);
      }
    }
  }

  #start() {
    this.latest = { change: 0 }; // the latest response
    this.timeout = 0; // the first response shows that the service runs
  }

  // Reads the entries that are new or have changed, and returns their number.
  async #read() {
    const { latest } = this;
    const query = `journal?outsideApi=true&changedAfter=${latest.change}&timeout=${this.timeout}`;
    const journal = await simulate(query);
    if (latest.startedAt && latest.startedAt !== journal.startedAt) {
      this.#start();
      this.onRestart();
      return 0;
    }
    this.latest = journal;
    this.timeout = TIMEOUT;
    if (latest.startedAt && latest.resets !== journal.resets) this.onReset();
    const missed = missedSince(latest, journal);
    if (missed > 0) this.onMissed(missed);
    this.onEntries(journal.entries);
    return journal.entries.length;
  }
}

// Returns the number of entries that were dropped since the latest response. Positions are consecutive.
function missedSince(latest, { resets, dropped, position, entries }) {
  if (latest.resets !== resets) return dropped;
  return position - latest.position - entries.filter((entry) => entry.position > latest.position).length;
}
