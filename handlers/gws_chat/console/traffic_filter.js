// Selects the groups to show.

export const NO_FILTER = { agent: '', chat: '', kind: '', text: '', errorsOnly: false };
export const CLOSING_FAULTS = new Set(['dropRequest', 'dropResponse', 'closePoll']); // there is no response

const COMETD_PATH = '/api/v2/notifications';
const CHATS_PATHS = new Set(['/api/v2/chats', '/simulation/chats']); // a POST creates a chat

// The kinds by name, and whether an entry is of that kind.
export const KINDS = {
  'All but CometD requests': (entry) => !isCometd(entry),
  Operations: (entry) => Boolean(entry.method) && entry.method !== 'GET' && !isCometd(entry),
  'Reads (GET)': ({ method }) => method === 'GET',
  'CometD requests': (entry) => isCometd(entry),
  'Requests to /simulation': ({ kind }) => kind === 'simulation',
  'All notifications': ({ notification }) => Boolean(notification),
  StatusChange: ({ kind }) => kind === 'StatusChange',
  ParticipantsUpdated: ({ kind }) => kind === 'ParticipantsUpdated',
  PropertiesUpdated: ({ kind }) => kind === 'PropertiesUpdated',
  NewMessages: ({ kind }) => kind === 'NewMessages',
  Error: ({ kind }) => kind === 'Error',
  ChannelStateChangeMessageV2: ({ kind }) => kind === 'ChannelStateChangeMessageV2',
};

const texts = new WeakMap(); // of the entries that were searched

// Returns the entries of the journal in the group.
export function entriesOf({ request, notifications }) {
  return request ? [request, ...notifications] : notifications;
}

// `memory` knows the chats of customers, who have other IDs for them.
export function matches(group, { agent, chat, kind, text, errorsOnly }, memory) {
  const entries = entriesOf(group);
  if (errorsOnly && !entries.some(isProblem)) return false;
  return entries.some((entry) => (
    (!agent || entry.agent === agent)
    && (!chat || memory.chatIdForAgents(chatOf(entry)) === chat)
    && (!kind || KINDS[kind](entry))
    && (!text || textOf(entry).includes(text.toLowerCase()))
  ));
}

// Returns the chat's ID. The request that creates a chat has it in its response.
export function chatOf({ chat, method, path, status, responseBody }) {
  if (chat || method !== 'POST' || status !== 200 || !CHATS_PATHS.has(path)) return chat;
  return JSON.parse(responseBody).id;
}

// Whether the request was rejected, or has no response because of a fault, or its client has not received it.
export function isFailure(request) {
  const { status, statusMessage, cometdError, fault, clientGaveUp } = request;
  if (isWebSocketAttempt(request)) return false;
  return status >= 400 || Boolean(statusMessage || cometdError || clientGaveUp || CLOSING_FAULTS.has(fault));
}

// Whether neither an operation nor a stub has the request's path and method.
export function isUnknown(request) {
  const { status, operation } = request;
  return (status === 404 || status === 405) && !operation && !isWebSocketAttempt(request);
}

// Whether a CometD client has tried WebSocket. It goes on with long polling, so this is no error.
export function isWebSocketAttempt({ method, path }) {
  return method === 'GET' && path === COMETD_PATH;
}

function isProblem(entry) {
  return entry.notification ? entry.kind === 'Error' : isFailure(entry);
}

function isCometd({ path }) {
  return Boolean(path?.startsWith(COMETD_PATH));
}

// Returns the entry's JSON in lower case. It is created once, because a search would create thousands for each key.
function textOf(entry) {
  if (!texts.has(entry)) texts.set(entry, JSON.stringify(entry).toLowerCase());
  return texts.get(entry);
}
