// openapi-backend on Node's own server, with routing, credentials and validation but a handler that does nothing.
'use strict';

const http = require('node:http');
const path = require('node:path');
const { OpenAPIBackend } = require('openapi-backend');

const credentials = `Basic ${Buffer.from('agent1:secret1').toString('base64')}`;
const respond = (response, status, content) => {
  const body = JSON.stringify(content);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

const api = new OpenAPIBackend({
  definition: path.join(__dirname, 'openapi.yaml'),
  handlers: {
    leave: (context, response) => respond(response, 200, { statusCode: 0 }),
    validationFail: (context, response) => respond(response, 400, context.validation.errors),
    unauthorizedHandler: (context, response) => respond(response, 403, {}),
    notFound: (context, response) => respond(response, 404, {}),
  },
});
api.registerSecurityHandler('basic', (context) => context.request.headers.authorization === credentials);

api.init().then(() => {
  http
    .createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => {
        const { method, url, headers } = request;
        api.handleRequest({ method, path: url, headers, body }, response);
      });
    })
    .listen(Number(process.argv[2]), '127.0.0.1');
});
