// The rows of a long list that are near the visible part of the page. Two spacers have the height of the others, so
// that 10,000 rows scroll like 100.

import { make } from './elements.js';

const MARGIN = 800; // pixels above and below the visible part in which there are rows
const ESTIMATED_HEIGHT = 32; // pixels of a row that was never shown

export class RowWindow {
  // `makeRow` returns the row of an item. `onMove` is called when other rows may have become visible.
  constructor(list, makeRow, onMove) {
    Object.assign(this, { list, makeRow });
    this.rows = new Map(); // by item, in their order
    this.heights = new WeakMap(); // by item
    this.above = make('li', { class: 'spacer', 'aria-hidden': 'true' });
    this.below = make('li', { class: 'spacer', 'aria-hidden': 'true' });
    addEventListener('scroll', onMove, { passive: true });
    new ResizeObserver(onMove).observe(list); // also if it was hidden, or a row was opened
  }

  // The row of the item is created again with the next `render`.
  forget(item) {
    this.rows.delete(item);
  }

  forgetAll() {
    this.rows.clear();
  }

  // Shows the items. The row at the upper edge of the page stays there, unless the start of the list is visible.
  render(items) {
    if (!this.list.offsetParent) return; // hidden rows have no height
    const anchor = this.#anchor();
    const index = anchor ? items.indexOf(anchor.item) : -1;
    const start = index < 0 ? -this.list.getBoundingClientRect().top : this.#height(items.slice(0, index)) - anchor.top;
    const [above, shown, below] = this.#split(items, start);
    this.rows = new Map(shown.map((item) => [item, this.rows.get(item) ?? this.makeRow(item)]));
    this.above.style.height = `${above}px`;
    this.below.style.height = `${below}px`;
    this.#place([...(above ? [this.above] : []), ...this.rows.values(), ...(below ? [this.below] : [])]);
    for (const [item, row] of this.rows) this.heights.set(item, row.getBoundingClientRect().height);
    const moved = index < 0 ? 0 : this.rows.get(anchor.item).getBoundingClientRect().top - anchor.top;
    if (Math.abs(moved) >= 1) scrollBy(0, moved);
  }

  // Returns the first visible item and its place, or undefined if the start of the list is visible.
  #anchor() {
    if (this.list.getBoundingClientRect().top > 0) return undefined;
    for (const [item, row] of this.rows) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > 0) return { item, top };
    }
    return undefined;
  }

  // Returns the height of the items above, the items to show, and the height of those below. `start` is the distance
  // from the start of the list to the visible part.
  #split(items, start) {
    const shown = [];
    let above = 0;
    let below = 0;
    let offset = 0;
    for (const item of items) {
      const height = this.#height([item]);
      if (offset + height < start - MARGIN) above += height;
      else if (offset > start + innerHeight + MARGIN) below += height;
      else shown.push(item);
      offset += height;
    }
    return [above, shown, below];
  }

  #height(items) {
    return items.reduce((sum, item) => sum + (this.heights.get(item) ?? ESTIMATED_HEIGHT), 0);
  }

  // Puts the rows into the list, and moves only those that are not at their place.
  #place(rows) {
    const wanted = new Set(rows);
    for (const row of [...this.list.children]) if (!wanted.has(row)) row.remove();
    let place = this.list.firstChild;
    for (const row of rows) {
      if (row === place) place = place.nextSibling;
      else this.list.insertBefore(row, place);
    }
  }
}
