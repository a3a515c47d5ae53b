// Creates an element with attributes and children. An attribute that is a function becomes a listener for the
// event of that name. A string child becomes text and is never parsed as HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function button(label, onClick) {
  return make('button', { type: 'button', click: onClick }, label);
}

export function clockTime(date) {
  return make('time', { datetime: date.toISOString() }, date.toLocaleTimeString([], { hourCycle: 'h23' }));
}

export function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

// Replaces the children of the element. If the focus was on a child with a `data-focus`, the new child with the same
// one gets it.
export function replaceKeepingFocus(element, ...children) {
  const key = element.contains(document.activeElement) && document.activeElement.dataset.focus;
  element.replaceChildren(...children);
  if (key) element.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus();
}
