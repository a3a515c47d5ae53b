// Selects the groups to show.

export const NO_FILTER = { agent: '', chat: '', kind: '', text: '', errorsOnly: false };

// The kinds by name, and whether an entry is of that kind. Actions of this page are operations.
export const KINDS = {
  Operations: ({ kind, method, path }) => kind === 'request' && method !== 'GET' && !isCometd(path),
  'Reads (GET)': ({ kind, method }) => kind === 'request' && method === 'GET',
  'CometD requests': ({ kind, path }) => kind === 'request' && isCometd(path),
  'All notifications': ({ kind }) => kind !== 'request',
  StatusChange: ({ kind }) => kind === 'StatusChange',
  ParticipantsUpdated: ({ kind }) => kind === 'ParticipantsUpdated',
  PropertiesUpdated: ({ kind }) => kind === 'PropertiesUpdated',
  NewMessages: ({ kind }) => kind === 'NewMessages',
  Error: ({ kind }) => kind === 'Error',
  ChannelStateChangeMessageV2: ({ kind }) => kind === 'ChannelStateChangeMessageV2',
};

// `memory` knows the chats of customers, who have other IDs for them.
export function matches(group, { agent, chat, kind, text, errorsOnly }, memory) {
  if (group.divider) return true;
  if (errorsOnly && !hasError(group)) return false;
  const entries = [group.request ?? group.action, ...group.notifications].filter(Boolean);
  return entries.some((entry) => (
    (!agent || entry.agent === agent)
    && (!chat || memory.agentsChat(entry.chat) === chat)
    && (!kind || KINDS[kind](entry))
    && (!text || JSON.stringify(entry).toLowerCase().includes(text.toLowerCase()))
  ));
}

export function hasError({ request, action, notifications }) {
  const asked = request ?? action;
  return Boolean(asked && isFailure(asked)) || notifications.some(({ kind }) => kind === 'Error');
}

// Whether the request was rejected, or affected by a fault, or its client has not received the response.
export function isFailure({ status, statusMessage, fault, clientGaveUp }) {
  return status >= 400 || Boolean(statusMessage || fault || clientGaveUp);
}

// Whether neither an operation nor a stub has the request's path and method.
export function isUnknown({ status, operation }) {
  return (status === 404 || status === 405) && !operation;
}

function isCometd(path) {
  return path.startsWith('/api/v2/notifications');
}
