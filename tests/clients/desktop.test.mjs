// Tests of an agent desktop with Node's test runner. CometD's client from npm stands for the desktop.
//
//     node --test desktop.test.mjs

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';
import * as library from 'cometd';
import { adapt } from 'cometd-nodejs-client';

const { CometD } = library.default ?? library; // CommonJS up to version 7, ES module since 8
let service;
let url;

before(async () => {
  const options = ['--port=0', '--until-stdin-ends', '--log-level=warning'];
  service = spawn('gws-chat', options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise((_, reject) => {
    service.once('error', (error) => reject(new Error(`gws-chat must be on PATH: ${error.message}`)));
    service.once('exit', (status) => reject(new Error(`gws-chat has ended with status ${status}, see its output`)));
  });
  const [firstLine] = await Promise.race([once(createInterface(service.stdout), 'line'), failed]);
  failed.catch(() => {}); // it ends after the tests
  url = new URL(firstLine.split(/\s+/).at(-1)).origin;
  adapt(); // makes the client work outside browsers
});
beforeEach(() => simulation('/reset', { seed: 1 }));
after(() => { service.stdin.end(); });

async function simulation(path, body) {
  const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${url}/simulation${path}`, body && options);
  const content = await response.json();
  assert.equal(response.status, 200, content.statusMessage);
  return content;
}

// Returns a desktop that emits its notifications, named by their notificationType.
async function signIn(t, user, password) {
  const desktop = new EventEmitter();
  const cometd = new CometD();
  cometd.unregisterTransport('websocket');
  const requestHeaders = { Authorization: `Basic ${btoa(`${user}:${password}`)}` };
  cometd.configure({ url: `${url}/api/v2/notifications`, requestHeaders });
  await new Promise((resolve) => cometd.handshake(resolve));
  const emit = ({ data }) => desktop.emit(data.notificationType, data);
  await new Promise((resolve) => cometd.subscribe('/v2/me/chats', emit, resolve));
  t.after(() => cometd.disconnect());
  return desktop;
}

test('a Leave notifies the agent', async (t) => {
  const desktop = await signIn(t, 'agent1', 'secret1');
  const notified = once(desktop, 'StatusChange', { signal: AbortSignal.timeout(5000) });

  await simulation('/chats/0071023821aec011/agents/agent1', { operationName: 'Leave' });

  const [{ chat }] = await notified;
  assert.equal(chat.state, 'LeftChat');
});

test('an agent receives the message of the customer', async (t) => {
  const desktop = await signIn(t, 'agent1', 'secret1');
  const notified = once(desktop, 'NewMessages', { signal: AbortSignal.timeout(5000) });
  const chat = await simulation('/chats', { customer: 'Eva', agents: [{ agent: 'agent1', state: 'Chatting' }] });

  await simulation(`/chats/${chat.id}/customer`, { operationName: 'SendMessage', text: 'Hello?' });

  const [{ messages }] = await notified;
  assert.equal(messages[0].text, 'Hello?');
});

test('a desktop survives a lost notification', async () => {
  await simulation('/faults', { effect: 'notificationDropped', agent: 'agent1', times: 1 });

  await simulation('/chats/0071023821aec011/agents/agent1', { operationName: 'Leave' });

  const { entries } = await simulation('/journal?kind=notification');
  assert.deepEqual(entries, []);
});
