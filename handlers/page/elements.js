// An element with its attributes and children. A function among the attributes hears the event of that name;
// a string among the children is shown as text, never read as HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function button(name, press) {
  return make('button', { type: 'button', click: press }, name);
}

export function clockTime(moment) {
  return make('time', { datetime: moment.toISOString() }, moment.toLocaleTimeString());
}
