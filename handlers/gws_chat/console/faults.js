// The effects of faults and their parameters, with the names in the simulation's openapi.yaml.

const times = { name: 'times', kind: 'number', value: '1', hint: 'empty: always' };
const agent = { name: 'agent', kind: 'line' };
const path = { name: 'path', kind: 'line', hint: 'may contain *' };
const operationName = { name: 'operationName', kind: 'line' };
const seconds = { name: 'seconds', kind: 'number' };
const chat = { name: 'chat', kind: 'line' };
const kind = {
  name: 'kind',
  kind: 'choice',
  choices: [
    'StatusChange', 'ParticipantsUpdated', 'PropertiesUpdated', 'Error', 'NewMessages', 'ChannelStateChangeMessageV2',
  ],
};

const request = [agent, operationName, path];
const notification = [agent, chat, kind];

export const FAULTS = {
  error: [
    times,
    ...request,
    { name: 'status', kind: 'number', value: '500' },
    { name: 'statusCode', kind: 'number', value: '4' },
    { name: 'statusMessage', kind: 'line' },
  ],
  delay: [times, seconds, ...request],
  notificationBeforeResponse: [times, seconds, ...request],
  dropRequest: [times, ...request],
  dropResponse: [times, ...request],
  closePoll: [times, seconds, agent],
  cometdError: [
    times,
    agent,
    {
      name: 'channel',
      kind: 'choice',
      choices: ['/meta/handshake', '/meta/connect', '/meta/subscribe', '/meta/unsubscribe', '/meta/disconnect'],
    },
    { name: 'error', kind: 'number' },
  ],
  notificationDropped: [times, ...notification],
  notificationDuplicated: [times, ...notification],
  notificationDelayed: [times, seconds, ...notification],
  notificationReordered: [times, ...notification],
};

// One sentence for each effect.
export const MEANINGS = {
  error: 'The request is rejected with this status and statusCode.',
  delay: 'The request is performed after these seconds.',
  notificationBeforeResponse: 'The notifications arrive before the response, which follows after these seconds.',
  dropRequest: 'The request is not performed, and its connection closes.',
  dropResponse: 'The request is performed, and its connection closes without a response.',
  closePoll: 'The connection of a held poll closes after these seconds.',
  cometdError: 'CometD messages are rejected with the error 401, 402 or 403.',
  notificationDropped: 'The notification is not delivered.',
  notificationDuplicated: 'The notification is delivered twice.',
  notificationDelayed: 'The notification is delivered after these seconds.',
  notificationReordered: "The notification is delivered after the agent's next one.",
};
