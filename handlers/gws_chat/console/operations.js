// The operations and their parameters, with the names in openapi.yaml. Each operation's form is built from its
// entry. An operation without parameters is performed without a form.

const text = { name: 'text', kind: 'text', required: true };
const nickname = { name: 'nickname', kind: 'line', required: true };
const userData = { name: 'userData', kind: 'pairs', required: true };
const queueName = { name: 'queueName', kind: 'line' };
const targetUri = { name: 'targetUri', kind: 'line' };
const targetPath = { name: 'targetPath', kind: 'agent' };
const messageType = { name: 'messageType', kind: 'line' };
const treatAs = { name: 'treatAs', kind: 'choice', choices: ['Normal', 'System'] };

const optional = (parameter) => ({ ...parameter, required: false });
const farewell = [optional(text), messageType, treatAs];
const target = [targetPath, targetUri, queueName];

export const AGENT_OPERATIONS = {
  Accept: [optional(nickname)],
  Reject: [],
  Leave: farewell,
  Complete: [queueName, ...farewell],
  Transfer: [...target, ...farewell],
  Invite: target,
  Consult: target,
  RemoveParticipantFromConference: [targetPath, targetUri, ...farewell],
  SendMessage: [text, messageType, treatAs],
  SendUrl: [{ name: 'url', kind: 'line', required: true }],
  SendToAgents: [text],
  SendStartTypingNotification: [],
  SendStopTypingNotification: [],
  SendStartTypingToAgentsNotification: [],
  SendStopTypingToAgentsNotification: [],
  SendCustomNoticeToAgents: [{ name: 'noticeText', kind: 'text', required: true }],
  InFocus: [],
  SetInFocus: [],
  AttachUserData: [userData],
  UpdateUserData: [userData],
  DeleteUserData: [{ name: 'keys', kind: 'list', required: true }],
  SetDisposition: [{ name: 'disposition', kind: 'line', required: true }, { name: 'dispositionKey', kind: 'line' }],
};

const AFTER_CALL_WORK = ['SetDisposition', 'AttachUserData', 'UpdateUserData', 'DeleteUserData'];
const BETWEEN_AGENTS = [
  'SendToAgents',
  'SendCustomNoticeToAgents',
  'SendStartTypingToAgentsNotification',
  'SendStopTypingToAgentsNotification',
];
const FOCUS = ['SetInFocus', 'InFocus']; // where one is listed, the service allows both
const WITH_CUSTOMER = [
  'Leave', 'SendMessage', 'Transfer', 'Invite', 'Consult', 'Complete', ...AFTER_CALL_WORK, 'SendUrl', ...FOCUS,
  'SendStartTypingNotification', 'SendStopTypingNotification',
];

// The operations that the service allows by default, the common ones first.
const ALLOWED = {
  Invited: ['Accept', 'Reject'],
  Chatting: WITH_CUSTOMER,
  ChattingWithAgents: [...WITH_CUSTOMER, ...BETWEEN_AGENTS, 'RemoveParticipantFromConference'],
  ChattingAsConsultant: ['Leave', ...BETWEEN_AGENTS, ...FOCUS],
  LeftChat: [...AFTER_CALL_WORK, 'Complete', 'Leave', 'Transfer', ...FOCUS],
};
const COMMON_COUNT = 6;

// Returns the operations for an agent in a chat as {common, others, rejected}. Those in `rejected` are not allowed in
// the agent's state. `capabilities` are those of the latest notification, if there was one: a scenario can change them.
export function operationsByUse(chat, participation, capabilities = []) {
  const allowed = [...new Set([...ALLOWED[situationOf(chat, participation)], ...capabilities])];
  return {
    common: allowed.slice(0, COMMON_COUNT),
    others: allowed.slice(COMMON_COUNT),
    rejected: Object.keys(AGENT_OPERATIONS).filter((name) => !allowed.includes(name)),
  };
}

function situationOf({ agents }, { state, role }) {
  if (state !== 'Chatting') return state;
  if (role === 'consultant') return 'ChattingAsConsultant';
  return agents.filter((each) => each.state === 'Chatting').length > 1 ? 'ChattingWithAgents' : 'Chatting';
}

export const CUSTOMER_OPERATIONS = {
  SendMessage: [text],
  SendStartTypingNotification: [],
  SendStopTypingNotification: [],
  Complete: [],
};

export const REQUEST_CHAT = [nickname, { name: 'subject', kind: 'line' }, optional(userData)];

// The form of these operations stays open after use.
export const KEEP_FORM_OPEN = new Set(['SendMessage', 'SendToAgents', 'SendCustomNoticeToAgents']);
