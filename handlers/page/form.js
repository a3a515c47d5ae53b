// The form of an operation, made from its parameters.

import { button, make } from './elements.js';

const asItIs = (value) => value;

// By kind of parameter: the element, its attributes, what is said beside its name, and how its value is read.
const KINDS = {
  line: ['input', { type: 'text' }, '', asItIs],
  text: ['textarea', { rows: 2 }, '', asItIs],
  choice: ['select', {}, '', asItIs],
  agent: ['input', { type: 'text' }, 'those here are suggested', asItIs],
  list: ['textarea', { rows: 2 }, 'one a line', linesOf],
  pairs: ['textarea', { rows: 2 }, 'key=value, one a line', pairsOf],
};
let count = 0;

// `send` gets the body and returns a promise of whether it was taken; `suggestions` are agents as [path, name].
export function operationForm(name, parameters, { send, cancel, suggestions = [] }) {
  const form = make('form', { class: 'operation', 'aria-label': name, autocomplete: 'off' });
  const fields = parameters.map((parameter) => field(parameter, suggestions));
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
  if (choices) input.append(make('option', { value: '' }, 'not given'), ...choices.map((choice) => make('option', {}, choice)));
  if (kind === 'agent') {
    count += 1;
    input.setAttribute('list', `agents-${count}`);
    const options = suggestions.map(([path, userName]) => make('option', { value: path }, userName));
    parts.push(make('datalist', { id: `agents-${count}` }, ...options));
  }
  return make('label', {}, ...parts);
}

// What is left empty is not sent.
function valuesOf(form, parameters) {
  const given = parameters.filter(({ name }) => form.elements[name].value !== '');
  return Object.fromEntries(given.map(({ name, kind }) => {
    const [, , , read] = KINDS[kind];
    return [name, read(form.elements[name].value)];
  }));
}

function linesOf(value) {
  return value.split('\n').filter((line) => line !== '');
}

function pairsOf(value) {
  return Object.fromEntries(linesOf(value).map((line) => {
    const [key] = line.split('=', 1);
    return [key, line.slice(key.length + 1)];
  }));
}
