// The requests to /simulation in the traffic: their titles, and the calls of the pytest fixture that send them.

import { parsedObject, pythonArguments, pythonLiteral } from './literals.js';

// By method and path: the title of the request, and the call. Both receive the members of the body.
const REQUESTS = {
  'POST /simulation/reset': [() => 'Reset', (members) => `reset(${pythonArguments(members)})`],
  'POST /simulation/clock': [
    ({ advance }) => `Advance the clock by ${advance} s`, ({ advance }) => `advance(${advance})`,
  ],
  'POST /simulation/chats': [() => 'Create a chat', (members) => creationCall(members)],
  'POST /simulation/faults': [
    ({ effect }) => `Inject fault ${effect}`,
    ({ effect, ...others }) => `inject_fault(${joined([pythonLiteral(effect), pythonArguments(others)])})`,
  ],
  'DELETE /simulation/faults': [() => 'Remove all faults', () => 'clear_faults()'],
  'POST /simulation/sessions/forget': [
    () => 'Forget sessions', (members) => `forget_sessions(${pythonArguments(members)})`,
  ],
};

// Returns the title, or undefined if the request performs an operation of an agent or a customer.
export function simulationTitle(request) {
  const [title] = entryOf(request);
  return title?.(parsedObject(request.requestBody) ?? {});
}

// Returns the method call of the fixture, or undefined in the same case.
export function simulationCall(request) {
  const [, call] = entryOf(request);
  return call?.(parsedObject(request.requestBody) ?? {});
}

function entryOf({ method, path }) {
  return REQUESTS[`${method} ${path}`] ?? [];
}

function creationCall({ agents = [], ...others }) {
  return `create_chat(${joined([...agents.map(pythonLiteral), pythonArguments(others)])})`;
}

function joined(texts) {
  return texts.filter(Boolean).join(', ');
}
