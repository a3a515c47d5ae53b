// A request of the traffic as a test with the pytest fixture.

import { parsedObject, pythonLiteral } from './literals.js';
import { simulationCall } from './simulation_requests.js';

const STATE_OPERATIONS = new Set([
  'Accept', 'Reject', 'Leave', 'Complete', 'Transfer', 'Invite', 'Consult', 'RemoveParticipantFromConference',
]);
const REPEATABLE_ERRORS = new Set([1, 2, 3, 6, 10]); // statusCodes that depend on the operation and the chat only
const IMPORTS = 'import re\n\nimport pytest\nfrom gws_chat.pytest_plugin import GwsChatError\n\n\n';

// Returns a test that repeats the request and expects its notifications or its error, or '' if the fixture cannot.
// `earlier` are the requests since the latest reset: the test repeats those that have led to the state of the chat.
export function asPytest(request, notifications, earlier, memory) {
  const control = request.kind === 'simulation' && request.status === 200 && simulationCall(request);
  if (control) return test('control', [`gws_chat.${control}`]);
  const chat = operationOn(request, memory);
  const created = chat && earlier.find((each) => creates(each, chat, memory));
  if (!chat || created?.path === '/api/v2/chats') return ''; // the fixture cannot request a chat
  const reference = created ? 'chat["id"]' : pythonLiteral(chat);
  const preparing = earlier.filter((each) => (
    each.status === 200 && STATE_OPERATIONS.has(each.operation) && operationOn(each, memory) === chat
  ));
  const lines = [
    ...(created ? [`chat = gws_chat.${simulationCall(created)}`] : []),
    ...preparing.map((each) => operationCall(each, reference)),
  ];
  const name = request.operation.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
  if (request.status === 200) {
    const waits = notifications.map((entry) => waitFor(entry, memory.chatIdForAgents(entry.chat) === chat && reference));
    return test(`${name}_notifies_the_agents`, [...lines, operationCall(request, reference), '', ...waits]);
  }
  if (request.fault || !REPEATABLE_ERRORS.has(request.statusCode)) return '';
  const error = `with pytest.raises(GwsChatError, match=re.escape(${pythonLiteral(request.statusMessage)})):`;
  return IMPORTS + test(`${name}_is_rejected`, [...lines, error, `    ${operationCall(request, reference)}`]);
}

function test(name, lines) {
  return `${[`def test_${name}(gws_chat):`, ...lines.map((line) => line && `    ${line}`)].join('\n').trimEnd()}\n`;
}

// Returns the chat's ID for agents, or undefined if the request performs no operation on a chat.
function operationOn({ chat, operation, requestBody }, memory) {
  const isOperation = chat && operation === parsedObject(requestBody)?.operationName;
  return isOperation ? memory.chatIdForAgents(chat) : undefined;
}

function creates({ method, path, status, responseBody }, chat, memory) {
  if (method !== 'POST' || status !== 200 || !/^\/(api\/v2|simulation)\/chats$/.test(path)) return false;
  return memory.chatIdForAgents(parsedObject(responseBody).id) === chat;
}

// The simulation rejects what the API ignores: unknown members, and null.
function operationCall({ agent, requestBody, ignored = [] }, reference) {
  const { operationName, ...members } = parsedObject(requestBody);
  const parameters = Object.entries(members).filter(([name, value]) => value !== null && !ignored.includes(name));
  const given = parameters.length ? `, **${pythonLiteral(Object.fromEntries(parameters))}` : '';
  const actor = agent ? `act_as_agent(${reference}, ${pythonLiteral(agent)}` : `act_as_customer(${reference}`;
  return `gws_chat.${actor}, ${pythonLiteral(operationName)}${given})`;
}

function waitFor({ agent, kind, notification }, reference) {
  const state = notification.chat?.state;
  const selected = [`agent=${pythonLiteral(agent)}`, `kind="${kind}"`];
  if (reference) selected.splice(1, 0, `chat=${reference}`);
  if (state) selected.push(`state="${state}"`);
  return `gws_chat.wait_for_notification(${selected.join(', ')})`;
}
