// The transcript of the selected chat, from /simulation/state.

import { transcriptLine } from './chat.js';
import { make } from './elements.js';

export class TranscriptView {
  constructor() {
    this.lines = new Map(); // by the index of the message
    this.list = make('ol', { class: 'transcript', 'aria-label': 'Transcript', tabindex: 0 });
    this.earlier = make('p', { class: 'hint' });
    this.element = make('div', { class: 'transcript-box' }, this.earlier, this.list);
  }

  // Shows {chat, earlierMessages, messages}, or nothing. Keeps the place of a reader who has scrolled up.
  show(transcript) {
    if (!transcript || transcript.chat !== this.chat) this.#clear();
    if (!transcript) return;
    const { chat, earlierMessages, messages } = transcript;
    const { list } = this;
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    this.chat = chat;
    this.earlier.textContent = earlierMessages
      ? `The latest ${messages.length} messages; ${earlierMessages} earlier ones are not shown.` : '';
    const current = new Set(messages.map(({ index }) => index));
    for (const [index, line] of this.lines) if (!current.has(index)) this.#remove(index, line);
    for (const message of messages) if (!this.lines.has(message.index)) this.#append(message);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  #append(message) {
    const line = transcriptLine(message);
    this.lines.set(message.index, line);
    this.list.append(line);
  }

  #remove(index, line) {
    this.lines.delete(index);
    line.remove();
  }

  #clear() {
    this.chat = undefined;
    this.lines.clear();
    this.list.replaceChildren();
    this.earlier.textContent = '';
  }
}
