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

export const CUSTOMER_OPERATIONS = {
  SendMessage: [text],
  SendStartTypingNotification: [],
  SendStopTypingNotification: [],
  Complete: [],
};

export const REQUEST_CHAT = [nickname, { name: 'subject', kind: 'line' }, optional(userData)];

// The form of these operations stays open after use.
export const KEEP_FORM_OPEN = new Set(['SendMessage', 'SendToAgents', 'SendCustomNoticeToAgents']);
