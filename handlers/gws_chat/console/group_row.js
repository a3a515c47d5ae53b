// A group of the traffic as an item of the list: the request with its response, and below it the notifications. Each
// opens to its JSON, which is created when it is opened.

import { asCurl, asPytest, asStub, copyText, prettyJson } from './copy_text.js';
import { button, make } from './elements.js';
import { isFailure, isUnknown } from './traffic_filter.js';

const CLOSING_FAULTS = new Set(['dropRequest', 'dropResponse', 'closePoll']);

// `openKeys` are the keys of the parts that are open. `memory` knows the chats. `announce` shows a short message.
export function groupRow(group, { openKeys, memory, announce }) {
  if (group.divider) return make('li', { class: 'divider' }, group.divider);
  const asked = group.request ?? group.action;
  const parts = asked ? [requestPart(group, asked, { openKeys, memory, announce })] : [timerLine(group)];
  if (group.notifications.length) {
    const items = group.notifications.map((entry) => {
      const key = `${group.key}-${entry.position}`;
      return make('li', {}, notificationPart(key, entry, asked?.chat, { openKeys, memory, announce }));
    });
    parts.push(make('ul', { class: 'caused', 'aria-label': 'Notifications' }, ...items));
  }
  return make('li', { class: 'group', 'data-key': group.key }, ...parts);
}

function requestPart(group, request, { openKeys, memory, announce }) {
  const { chat, method, path, status, statusMessage, ignored, fault } = request;
  const isRejected = isFailure(request);
  const isNotEmulated = isUnknown(request);
  const summary = make(
    'summary',
    {},
    time(request.at),
    label('Request', 'request'),
    make('b', {}, titleOf(request)),
    make('span', { class: 'who' }, `by ${senderOf(request)}`),
    ...(chat ? [make('span', { class: 'where', title: chat }, memory.chatName(chat))] : []),
    ...(group.action ? [make('small', { class: 'tag' }, 'sent by this page')] : []),
    make('span', { class: 'outcome' }, label('Response', isRejected ? 'failed' : 'response'), responseText(request)),
    ...(isNotEmulated ? [make('strong', { class: 'tag warning' }, 'not emulated')] : []),
    ...(fault ? [make('small', { class: 'tag warning' }, `fault: ${fault}`)] : []),
    ...(ignored ? [make('small', { class: 'tag warning' }, `ignored: ${ignored.join(', ')}`)] : []),
    ...(statusMessage ? [make('span', { class: 'reason' }, statusMessage)] : []),
  );
  const content = () => {
    const pytest = asPytest(request, group.notifications, memory.agentsChat(chat));
    return [
      ...(isNotEmulated ? [stubBox(request, announce)] : []),
      make('h4', {}, `${method} ${path}`),
      ...(request.desktopPath ? [make('p', { class: 'hint' }, `A desktop sends it to ${request.desktopPath}`)] : []),
      json(request.requestBody, 'no body'),
      make('h4', {}, `Response ${status ?? ''}`),
      json(request.responseBody, status ? 'no body' : 'none yet'),
      make(
        'div',
        { class: 'row' },
        copyButton('Copy as curl', () => asCurl(request), announce),
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
  const isRead = entry.sessions > 0 && entry.sentAt.length >= entry.sessions;
  const summary = make(
    'summary',
    {},
    time(entry.at),
    label('Notification', 'notification'),
    make('b', {}, kind, ...detailOf(notification)),
    make('span', { class: 'who' }, `to ${agent}`),
    ...(chat && chat !== requestsChat ? [make('span', { class: 'where', title: chat }, memory.chatName(chat))] : []),
    make('span', { class: isRead ? 'delivery read' : 'delivery' }, deliveryText(entry)),
  );
  const content = () => [
    json(JSON.stringify(notification)),
    make('div', { class: 'row' }, copyButton('Copy JSON', () => JSON.stringify(notification, null, 2), announce)),
  ];
  return expandable(key, summary, content, openKeys, kind === 'Error' ? 'problem' : '');
}

// Returns the name of the operation. Only requests with an operationName and CometD messages have a telling one.
function titleOf({ operation, method, path }) {
  const isTelling = operation && !operation.includes('_') && operation !== 'stub';
  return isTelling ? operation : `${method} ${path.replace('/api/v2/', '/')}`;
}

// Returns who sent the request. Requests without valid credentials have no agent.
function senderOf({ agent, path }) {
  if (agent) return agent;
  if (/^\/api\/v2\/chats|\/customer$/.test(path)) return 'a customer';
  return path.startsWith('/simulation/') ? 'this page' : 'a client';
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
  if (sentAt.length >= sessions) return `read${times}${sessions > 1 ? ` by ${sessions} sessions` : ''}`;
  return sessions > 1 ? `read by ${sentAt.length} of ${sessions} sessions` : 'not read yet';
}

function responseText({ status, statusCode, fault, clientGaveUp }) {
  if (clientGaveUp) return `${status ?? ''} the client closed the connection`;
  if (status === undefined) return CLOSING_FAULTS.has(fault) ? 'none, connection closed' : 'pending';
  return statusCode ? `${status}, statusCode ${statusCode}` : String(status);
}

function timerLine({ notifications: [first] }) {
  return make('p', { class: 'no-request' }, time(first.at), 'Caused by a timer, or by a client of /simulation');
}

function stubBox(request, announce) {
  return make(
    'div',
    { class: 'stub' },
    make('p', {}, 'The emulator has no such operation. To respond to it, add this stub to the scenario:'),
    make('pre', { tabindex: 0 }, asStub(request)),
    copyButton('Copy stub', () => asStub(request), announce),
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
    await copyText(textToCopy());
    announce('Copied.');
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
