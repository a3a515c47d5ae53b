// The form of an operation, built from its parameters.

import { button, make } from './elements.js';

const unchanged = (value) => value;

// For each kind of parameter: the element, its attributes, the hint in its label, and the function that parses
// its value.
const KINDS = {
  line: ['input', { type: 'text' }, '', unchanged],
  text: ['textarea', { rows: 2 }, '', unchanged],
  choice: ['select', {}, '', unchanged],
  agent: ['input', { type: 'text' }, 'path of an agent; choose or type it', unchanged],
  list: ['textarea', { rows: 2 }, 'one per line', parseLines],
  number: ['input', { type: 'number', step: 'any' }, '', Number],
  target: ['select', {}, 'an agent or a queue', unchanged],
  pairs: ['textarea', { rows: 2 }, 'key=value, one per line', parsePairs],
};
let datalistCount = 0;

// `send(body)` returns a promise of whether the service accepted the operation. `cancel` is optional.
// `suggestions` are agents as [path, name]. `foldOptional` folds the optional parameters if others are required.
export function operationForm(name, parameters, { send, cancel, suggestions = [], foldOptional = false }) {
  const form = make('form', { class: 'operation', 'aria-label': name, autocomplete: 'off' });
  const isFolded = ({ required }) => foldOptional && !required && parameters.some((each) => each.required);
  const fields = parameters.filter((each) => !isFolded(each)).map((each) => field(each, suggestions));
  const folded = parameters.filter(isFolded).map((each) => field(each, suggestions));
  if (folded.length) fields.push(make('details', {}, make('summary', {}, 'Optional parameters'), ...folded));
  form.append(
    ...fields,
    make('div', { class: 'row' }, make('button', { class: 'main' }, name), ...(cancel ? [button('Cancel', cancel)] : [])),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await send({ operationName: name, ...valuesOf(form, parameters) })) form.reset();
  });
  if (cancel) form.addEventListener('keydown', (event) => { if (event.key === 'Escape') cancel(); });
  return form;
}

function field({ name, kind, required, choices }, suggestions) {
  const [tag, attributes, hint] = KINDS[kind];
  const input = make(tag, { name, ...attributes, ...(required ? { required: '' } : {}) });
  const parts = [make('span', {}, name, ...(hint ? [make('small', {}, ` ${hint}`)] : [])), input];
  if (choices) {
    const options = choices.map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
    input.append(...[['', 'not set'], ...options].map(([value, text]) => make('option', { value }, text)));
  }
  if (kind === 'agent') {
    datalistCount += 1;
    input.setAttribute('list', `agents-${datalistCount}`);
    const options = suggestions.map(([path, agentName]) => make('option', { value: path }, agentName));
    parts.push(make('datalist', { id: `agents-${datalistCount}` }, ...options));
  }
  return make('label', {}, ...parts);
}

// Returns the parameters. Empty fields are left out. The value of a target is JSON of the parameter that names it.
function valuesOf(form, parameters) {
  const filled = parameters.filter(({ name }) => form.elements[name].value !== '');
  return Object.assign({}, ...filled.map(({ name, kind }) => {
    const { value } = form.elements[name];
    const [, , , parse] = KINDS[kind];
    return kind === 'target' ? JSON.parse(value) : { [name]: parse(value) };
  }));
}

function parseLines(value) {
  return value.split('\n').filter((line) => line !== '');
}

function parsePairs(value) {
  return Object.fromEntries(parseLines(value).map((line) => {
    const [key] = line.split('=', 1);
    return [key, line.slice(key.length + 1)];
  }));
}
