// The texts that the page copies: a request as curl, and the stub for an unknown request.

// Copies the text and returns the message to show. Outside of a secure context, such as http on another host, browsers
// have only the older command, which needs the focus.
export async function copyText(text) {
  const isCopied = navigator.clipboard
    ? await navigator.clipboard.writeText(text).then(() => true, () => false) : copyWithCommand(text);
  return isCopied ? 'Copied.' : 'The browser did not allow copying.';
}

function copyWithCommand(text) {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return isCopied;
}

export function prettyJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // it was cut, or is no JSON
  }
}

// Returns the command that repeats the request. curl asks for the agent's password.
export function asCurl({ kind, method, agent, path, query, status, requestBody }) {
  const url = new URL(encodedPath(path).slice(1), document.baseURI).href + (query ? `?${query}` : '');
  const isCustomers = !agent && path.startsWith('/api/v2/chats') && status !== 403;
  const parts = ['curl'];
  if (/[[\]{}]/.test(url)) parts.push('-g');
  if (agent && kind === 'request') parts.push(`-u ${quoted(agent)}`);
  if (isCustomers) parts.push("-H 'ContactCenterId: any'");
  if (method === 'HEAD') parts.push('-I');
  else if (method !== 'GET' && !(method === 'POST' && requestBody)) parts.push(`-X ${method}`);
  if (requestBody) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(requestBody)}`);
  return [...parts, quoted(url)].join(' ');
}

// Returns what the copied command lacks, or ''.
export function curlNote({ kind, agent, query = '', requestBody = '' }) {
  if (/\.\.\. \[cut after \d+ of \d+ bytes\]$/.test(requestBody)) return 'Its body was cut: complete it.';
  if (`${query}${requestBody}`.includes('***')) return 'Replace *** by the value, which the journal hides.';
  return agent && kind === 'request' ? `curl asks for the password of ${agent}.` : '';
}

// Whether the scenario can have a stub for the request.
export function canHaveStub({ method }) {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
}

// Returns the lines for the scenario. `path` is percent-encoded.
export function asStub({ method, path }) {
  return `stubs:\n  - {method: ${method === 'HEAD' ? 'GET' : method}, path: "${path}", body: {statusCode: 0}}`;
}

// The journal has the path without percent-encoding.
export function encodedPath(path) {
  return path.split('/').map(encodeURIComponent).join('/');
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
