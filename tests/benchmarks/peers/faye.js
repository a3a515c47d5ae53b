// A faye notification server: POST /tell responds, then publishes its body to all subscribers.
'use strict';

const http = require('node:http');
const faye = require('faye');

const bayeux = new faye.NodeAdapter({ mount: '/api/v2/notifications', timeout: 30 });
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 16 });
    response.end('{"statusCode":0}', () => bayeux.getClient().publish('/v2/me/chats', JSON.parse(body)));
  });
});
server.keepAliveTimeout = 75_000;
bayeux.attach(server);
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
