// The texts that the page copies: a request as curl, as pytest or as JSON, and the stub for an unknown request.

// Copies the text. Outside of a secure context, such as http on another host, browsers have only the older command.
export async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function prettyJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // it was cut, or is no JSON
  }
}

// Returns the command that repeats the request as a desktop sends it. curl asks for the agent's password.
export function asCurl({ method, agent, requestBody, path: ownPath, desktopPath: path = ownPath }) {
  const parts = ['curl'];
  if (!path.startsWith('/simulation/')) parts.push(agent ? `-u ${quoted(agent)}` : "-H 'ContactCenterId: any'");
  if (method !== 'GET' && !(method === 'POST' && requestBody)) parts.push(`-X ${method}`);
  if (requestBody) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(requestBody)}`);
  return [...parts, quoted(new URL(path, document.baseURI).href)].join(' ');
}

// Returns a test that performs the operation and expects the notifications, or '' if it is no operation on a chat.
// `agentsChat` is the chat's ID for agents.
export function asPytest({ agent, requestBody, operation, status }, notifications, agentsChat) {
  const body = parsedObject(requestBody);
  if (!agentsChat || !body?.operationName || body.operationName === 'RequestChat' || status !== 200) return '';
  const { operationName, ...parameters } = body;
  const given = Object.keys(parameters).length ? `, **${pythonLiteral(parameters)}` : '';
  const actor = agent ? `act_as_agent("${agentsChat}", ${pythonLiteral(agent)}` : `act_as_customer("${agentsChat}"`;
  const name = operation.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const lines = [
    `def test${name}_notifies_the_agents(gws_chat):`,
    `    gws_chat.${actor}, "${operationName}"${given})`,
    '',
    ...notifications.map((entry) => {
      const state = entry.notification.chat?.state;
      const selected = [`agent=${pythonLiteral(entry.agent)}`, `kind="${entry.kind}"`];
      if (state) selected.push(`state="${state}"`);
      return `    gws_chat.wait_for_notification(${selected.join(', ')})`;
    }),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

// Returns the lines for the scenario. The path is percent-encoded there.
export function asStub({ method, path }) {
  const encoded = /%[0-9A-F]{2}/i.test(path) ? path : encodeURI(path);
  return `stubs:\n  - {method: ${method === 'HEAD' ? 'GET' : method}, path: "${encoded}", body: {statusCode: 0}}`;
}

function parsedObject(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function pythonLiteral(value) {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const items = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pythonLiteral(each)}`);
  return `{${items.join(', ')}}`;
}
