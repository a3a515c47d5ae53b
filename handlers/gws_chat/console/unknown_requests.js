// The requests that the emulator does not know, and the stubs that would respond to them.

import { asStub, copyText } from './copy_text.js';
import { button, make, replaceKeepingFocus } from './elements.js';
import { simulate } from './service.js';
import { isWebSocketAttempt } from './traffic_filter.js';

export class UnknownRequestsView {
  constructor(element, announce) {
    this.element = element;
    this.list = element.querySelector('ul');
    this.announce = announce;
  }

  async refresh() {
    const { requests: all } = await simulate('unknown-requests');
    const requests = all.filter((each) => !isWebSocketAttempt(each));
    const shown = JSON.stringify(requests);
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.hidden = !requests.length;
    replaceKeepingFocus(this.list, ...requests.map((each) => this.#item(each)));
  }

  #item(request) {
    const { method, path, count } = request;
    const copy = button('Copy stub', async () => {
      this.announce(await copyText(asStub(request)));
    });
    copy.dataset.focus = `${method} ${path}`;
    copy.className = 'small';
    return make('li', {}, make('b', {}, method), ' ', make('code', {}, path), ` ${count}×`, copy);
  }
}
