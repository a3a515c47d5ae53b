// The requests that the emulator does not know, and the stubs that would respond to them.

import { asStub, copyText } from './copy_text.js';
import { button, make, replaceKeepingFocus } from './elements.js';
import { simulate } from './service.js';

export class UnknownRequestsView {
  constructor(element, announce) {
    this.element = element;
    this.list = element.querySelector('ul');
    this.announce = announce;
  }

  async refresh() {
    const { requests } = await simulate('unknown-requests');
    const shown = JSON.stringify(requests);
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.hidden = !requests.length;
    replaceKeepingFocus(this.list, ...requests.map((each) => this.#item(each)));
  }

  #item(request) {
    const { method, path, count } = request;
    const copy = button('Copy stub', async () => {
      await copyText(asStub(request));
      this.announce('Copied.');
    });
    copy.dataset.focus = `${method} ${path}`;
    copy.className = 'small';
    return make('li', {}, make('b', {}, method), ' ', make('code', {}, path), ` ${count}×`, copy);
  }
}
