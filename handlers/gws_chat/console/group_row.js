// A group of the traffic as an item of the list: the request with its response, and below it the notifications. Each
// opens to its JSON, which is created when it is opened.

import { asCurl, asStub, canHaveStub, copyText, curlNote, encodedPath, prettyJson } from './copy_text.js';
import { asPytest } from './copy_pytest.js';
import { button, make } from './elements.js';
import { simulationTitle } from './simulation_requests.js';
import { chatOf, CLOSING_FAULTS, isFailure, isUnknown, isWebSocketAttempt } from './traffic_filter.js';

const MAX_NOTIFICATIONS = 20; // that are shown at first
const WEB_SOCKET = 'no WebSocket: CometD clients go on with long polling';

// `view` is the list, with the keys of the parts that are open, the traffic, and the memory that knows the chats.
export function groupRow(group, view) {
  if (group.divider) return make('li', { class: 'divider' }, group.divider);
  const parts = [group.request ? requestPart(group, group.request, view) : causeLine(group)];
  if (group.notifications.length) parts.push(notificationList(group, view));
  return make('li', { class: 'group', 'data-key': group.key }, ...parts);
}

function notificationList(group, view) {
  const { key, request, notifications } = group;
  const allKey = `${key}-all`;
  const count = view.openKeys.has(allKey) ? notifications.length : MAX_NOTIFICATIONS;
  const items = notifications.slice(0, count).map((entry) => (
    make('li', {}, notificationPart(`${key}-${entry.position}`, entry, request && chatOf(request), view))
  ));
  if (notifications.length > count) {
    const showAll = () => { view.openKeys.add(allKey); view.update([group]); };
    items.push(make('li', {}, button(`Show all ${notifications.length} notifications`, showAll)));
  }
  return make('ul', { class: 'caused', 'aria-label': 'Notifications' }, ...items);
}

function requestPart(group, request, { openKeys, memory, announce, traffic }) {
  const { kind, method, path, query, status, statusMessage, cometdError, ignored, fault } = request;
  const chat = chatOf(request);
  const url = path + (query ? `?${query}` : '');
  const isRejected = isFailure(request);
  const isNotEmulated = isUnknown(request);
  const reason = statusMessage ?? cometdError;
  const summary = make(
    'summary',
    {},
    time(request.at),
    label('Request', 'request'),
    make('b', {}, titleOf(request)),
    make('span', { class: 'who' }, `by ${senderOf(request)}`),
    ...(chat ? [make('span', { class: 'where', title: chat }, memory.chatName(chat))] : []),
    ...(kind === 'simulation' ? [make('small', { class: 'tag' }, '/simulation')] : []),
    make('span', { class: 'outcome' }, label('Response', isRejected ? 'failed' : 'response'), responseText(request)),
    ...(isNotEmulated ? [make('strong', { class: 'tag warning' }, 'not emulated')] : []),
    ...(isWebSocketAttempt(request) ? [make('small', { class: 'tag' }, WEB_SOCKET)] : []),
    ...(fault ? [make('small', { class: 'tag warning' }, `fault: ${fault}`)] : []),
    ...(ignored ? [make('small', { class: 'tag warning' }, `ignored: ${ignored.join(', ')}`)] : []),
    ...(reason ? [make('span', { class: isRejected ? 'reason' : 'hint' }, reason)] : []),
  );
  const content = () => {
    const pytest = asPytest(request, group.notifications, traffic.requestsBefore(group), memory);
    return [
      ...(isNotEmulated && canHaveStub(request) ? [stubBox(request, announce)] : []),
      make('h4', {}, `${method} ${url}`),
      ...(isActing(request) ? [make('p', { class: 'hint' }, `A desktop sends it to /api/v2/me/chats/${chat}`)] : []),
      json(request.requestBody, 'no body'),
      make('h4', {}, `Response ${status ?? ''}`),
      json(request.responseBody, status ? 'no body' : 'none yet'),
      make(
        'div',
        { class: 'row' },
        copyButton('Copy as curl', () => asCurl(request), (text) => announce(`${text} ${curlNote(request)}`)),
        copyButton('Copy JSON', () => JSON.stringify([request, ...group.notifications], null, 2), announce),
        ...(pytest ? [copyButton('Copy as pytest', () => pytest, announce)] : []),
      ),
    ];
  };
  return expandable(group.key, summary, content, openKeys, isNotEmulated || isRejected ? 'problem' : '');
}

// The chat is shown unless it is that of the request.
function notificationPart(key, entry, requestsChat, { openKeys, memory, announce }) {
  const { notification, agent, chat, kind } = entry;
  const isSent = entry.sessions > 0 && entry.sentAt.length >= entry.sessions;
  const summary = make(
    'summary',
    {},
    time(entry.at),
    label('Notification', 'notification'),
    make('b', {}, kind, ...detailOf(notification)),
    make('span', { class: 'who' }, `to ${agent}`),
    ...(chat && chat !== requestsChat ? [make('span', { class: 'where', title: chat }, memory.chatName(chat))] : []),
    make('span', { class: isSent ? 'delivery sent' : 'delivery' }, deliveryText(entry)),
  );
  const content = () => [
    json(JSON.stringify(notification)),
    make('div', { class: 'row' }, copyButton('Copy JSON', () => JSON.stringify(notification, null, 2), announce)),
  ];
  return expandable(key, summary, content, openKeys, kind === 'Error' ? 'problem' : '');
}

// Returns the name of the operation. Only requests with an operationName and CometD messages have a telling one.
function titleOf(request) {
  const { operation, method, path, query } = request;
  const isTelling = operation && !operation.includes('_') && operation !== 'stub';
  const url = `${path.replace(/^\/api\/v2\//, '/')}${query ? `?${query}` : ''}`;
  return simulationTitle(request) ?? (isTelling ? operation : `${method} ${url}`);
}

// Whether the request performs an operation of an agent by /simulation.
function isActing({ kind, path }) {
  return kind === 'simulation' && path.includes('/agents/');
}

// Returns who sent the request. Requests without valid credentials have no agent.
function senderOf({ agent, path }) {
  if (agent) return agent;
  return /^\/api\/v2\/chats|\/customer$/.test(path) ? 'a customer' : 'a client';
}

// Returns the state of the chat, or the messages in short.
function detailOf({ chat, messages, channels }) {
  if (chat?.state) return [' ', make('span', { class: 'state' }, chat.state)];
  const texts = messages?.map(({ type, text, noticeText, url }) => text ?? noticeText ?? url ?? type)
    ?? channels?.map(({ channel, userState }) => `${channel} ${userState?.state ?? ''}`);
  const shortened = (texts ?? []).join(', ').slice(0, 80);
  return shortened ? [' ', make('span', { class: 'state' }, shortened)] : [];
}

function deliveryText({ agent, sessions, sentAt }) {
  if (!sessions) return `${agent} does not listen`;
  const times = sentAt.length ? ` at ${clock(sentAt.at(-1))}` : '';
  if (sentAt.length >= sessions) return `sent${sessions > 1 ? ` to ${sessions} sessions` : ''}${times}`;
  return sessions > 1 ? `sent to ${sentAt.length} of ${sessions} sessions` : 'not sent yet';
}

function responseText({ status, statusCode, fault, clientGaveUp }) {
  if (clientGaveUp) return `${status ?? ''} the client closed the connection`;
  if (status === undefined) return CLOSING_FAULTS.has(fault) ? 'none, connection closed' : 'pending';
  return statusCode ? `${status}, statusCode ${statusCode}` : String(status);
}

function causeLine({ cause, notifications: [first] }) {
  const text = cause ? 'Caused by a request that is not shown any more' : 'Caused by a timer';
  return make('p', { class: 'no-request' }, time(first.at), text);
}

function stubBox({ method, path }, announce) {
  const stub = asStub({ method, path: encodedPath(path) });
  return make(
    'div',
    { class: 'stub' },
    make('p', {}, 'The emulator has no such operation. To respond to it, add this stub to the scenario:'),
    make('pre', { tabindex: 0 }, stub),
    copyButton('Copy stub', () => stub, announce),
  );
}

function expandable(key, summary, content, openKeys, className) {
  const body = make('div', { class: 'json' });
  const details = make('details', { class: className, 'data-part': key }, summary, body);
  const fill = () => { if (details.open && !body.firstChild) body.append(...content()); };
  details.open = openKeys.has(key);
  fill();
  details.addEventListener('toggle', fill);
  return details;
}

function copyButton(text, textToCopy, announce) {
  return button(text, async () => {
    announce(await copyText(textToCopy()));
  });
}

function json(text, placeholder) {
  return make('pre', { tabindex: 0 }, text ? prettyJson(text) : placeholder);
}

function label(text, kind) {
  return make('span', { class: `label ${kind}` }, text);
}

function time(at) {
  return make('time', { datetime: at }, clock(at));
}

function clock(at) {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((each) => String(each).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
