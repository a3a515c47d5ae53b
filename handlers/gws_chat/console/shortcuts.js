// The keyboard shortcuts, and the dialog that lists them.

import { make } from './elements.js';

// `shortcuts` are [key, meaning, action]. A key does nothing while a field has the focus, or together with Ctrl.
export function addShortcuts(shortcuts, dialog) {
  const rows = [['?', 'list the shortcuts', () => dialog.showModal()], ...shortcuts];
  dialog.querySelector('dl').append(...rows.flatMap(([key, meaning]) => [
    make('dt', {}, make('kbd', {}, key)), make('dd', {}, meaning),
  ]));
  dialog.querySelector('button').addEventListener('click', () => dialog.close());
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea, select');
    if (isTyping || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const shortcut = rows.find(([key]) => key === event.key);
    if (!shortcut) return;
    event.preventDefault();
    shortcut[2]();
  });
}
