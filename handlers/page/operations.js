// What can be done, and the parameters it takes, by the document's own names. The form of an operation is made
// from its row; one without parameters is performed at once.

const text = { name: 'text', kind: 'text', required: true };
const nickname = { name: 'nickname', kind: 'line', required: true };
const userData = { name: 'userData', kind: 'pairs', required: true };
const queueName = { name: 'queueName', kind: 'line' };
const targetUri = { name: 'targetUri', kind: 'line' };
const targetPath = { name: 'targetPath', kind: 'agent' };
const messageType = { name: 'messageType', kind: 'line' };
const treatAs = { name: 'treatAs', kind: 'choice', choices: ['Normal', 'System'] };

const optional = (parameter) => ({ ...parameter, required: false });
const lastWords = [optional(text), messageType, treatAs];
const target = [targetPath, targetUri, queueName];

export const AGENT_OPERATIONS = {
  Accept: [optional(nickname)],
  Reject: [],
  Leave: lastWords,
  Complete: [queueName, ...lastWords],
  Transfer: [...target, ...lastWords],
  Invite: target,
  Consult: target,
  RemoveParticipantFromConference: [targetPath, targetUri, ...lastWords],
  SendMessage: [text, messageType, treatAs],
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

// These are performed several times in a row: their form stays open.
export const REPEATED = new Set(['SendMessage', 'SendToAgents', 'SendCustomNoticeToAgents']);
