// The parts of the view that survive a reload of the page, for this tab.

const KEY = 'gws-chat-console';
const values = read();

export function kept(name, otherwise) {
  return values[name] ?? otherwise;
}

export function keep(name, value) {
  values[name] = value;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // the browser forbids storage or it is full: the view is not kept
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
