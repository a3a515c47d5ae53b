// The form of an operation, built from its parameters.

import { button, make } from './elements.js';

const unchanged = (value) => value;

// For each kind of parameter: the element, its attributes, the hint in its label, and the function that parses
// its value.
const KINDS = {
  line: ['input', { type: 'text' }, '', unchanged],
  text: ['textarea', { rows: 2, 'data-enter-sends': '' }, 'Enter sends, Shift+Enter is a new line', unchanged],
  choice: ['select', {}, '', unchanged],
  agent: ['input', { type: 'text' }, 'path of an agent; choose or type it', unchanged],
  list: ['textarea', { rows: 2 }, 'one per line', parseLines],
  number: ['input', { type: 'number', step: 'any' }, '', Number],
  target: ['select', {}, 'an agent or a queue', unchanged],
  pairs: ['textarea', { rows: 2, 'data-pairs': '' }, 'key=value, one per line', parsePairs],
};
let datalistCount = 0;

// `send(body)` returns a promise of whether the service accepted the operation. `cancel` is optional. `foldOptional`
// folds the optional parameters if others are required. A parameter is {name, kind}, and if it needs them: `required`,
// `label`, `hint`, `value` at first (a select then has no empty choice), `choices` of a select as values or
// [value, text], and `suggestions` of an input.
export function operationForm(name, parameters, { send, cancel, foldOptional = false }) {
  const form = make('form', { class: 'operation', 'aria-label': name, autocomplete: 'off' });
  const isFolded = ({ required }) => foldOptional && !required && parameters.some((each) => each.required);
  const fields = parameters.filter((each) => !isFolded(each)).map(field);
  const folded = parameters.filter(isFolded).map(field);
  if (folded.length) fields.push(make('details', {}, make('summary', {}, 'Optional parameters'), ...folded));
  const buttons = [make('button', { class: 'main' }, name), ...(cancel ? [button('Cancel', cancel)] : [])];
  form.append(...fields, make('div', { class: 'row' }, ...buttons));
  let isSending = false; // a second click sends nothing
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    if (await send({ operationName: name, ...valuesOf(form, parameters) })) form.reset();
    isSending = false;
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && cancel) cancel();
    if (event.key !== 'Enter' || event.isComposing || event.target.tagName !== 'TEXTAREA') return;
    if (!event.ctrlKey && (event.shiftKey || !('enterSends' in event.target.dataset))) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('input', ({ target }) => { if ('pairs' in target.dataset) checkPairs(target); });
  return form;
}

function field({ name, label = name, kind, required, choices, suggestions, value = '', hint }) {
  const [tag, attributes, usualHint] = KINDS[kind];
  const input = make(tag, { name, ...attributes, ...(required ? { required: '' } : {}) });
  const note = [required ? 'required' : '', hint ?? usualHint].filter(Boolean).join('; ');
  const parts = [make('span', {}, label, ...(note ? [make('small', {}, ` ${note}`)] : [])), input];
  if (choices) {
    const options = choices.map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
    input.append(...[...(value ? [] : [['', 'not set']]), ...options].map(([each, text]) => (
      make('option', { value: each, ...(each === value ? { selected: '' } : {}) }, text)
    )));
  } else input.defaultValue = value; // also after the form was sent
  if (suggestions) {
    datalistCount += 1;
    input.setAttribute('list', `suggestions-${datalistCount}`);
    const options = suggestions.map((each) => (Array.isArray(each) ? each : [each, each]));
    parts.push(make('datalist', { id: `suggestions-${datalistCount}` }, ...options.map(([each, text]) => (
      make('option', { value: each }, text)
    ))));
  }
  return make('label', {}, ...parts);
}

// Returns the parameters. Empty fields are left out. The value of a target is JSON of the parameter that names it.
function valuesOf(form, parameters) {
  const filled = parameters.filter(({ name }) => form.elements[name].value !== '' && !form.elements[name].disabled);
  return Object.assign({}, ...filled.map(({ name, kind }) => {
    const { value } = form.elements[name];
    const [, , , parse] = KINDS[kind];
    return kind === 'target' ? JSON.parse(value) : { [name]: parse(value) };
  }));
}

function parseLines(value) {
  return value.split('\n').filter((line) => line !== '');
}

// Each line has a key and an equals sign. The browser shows the error when the form is sent.
function checkPairs(input) {
  const wrong = parseLines(input.value).find((line) => line.indexOf('=') < 1);
  input.setCustomValidity(wrong === undefined ? '' : `Each line must be key=value, got ${wrong}`);
}

function parsePairs(value) {
  return Object.fromEntries(parseLines(value).map((line) => {
    const [key] = line.split('=', 1);
    return [key, line.slice(key.length + 1)];
  }));
}
