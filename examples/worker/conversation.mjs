// Sends a message to the bot and checks its reply: `node conversation.mjs WORKER.js LINQ`.
//
// The sandbox of `linq` delivers the signed webhook; this program is the server that calls the worker.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

// Node 18 does not have it as a global.
globalThis.crypto ??= webcrypto;

const [worker, linq] = process.argv.slice(2);
const { Bot } = createRequire(import.meta.url)(resolve(worker));

const sandbox = spawn(linq, ['sandbox', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => sandbox.kill());
const lines = createInterface({ input: sandbox.stdout });
const started = JSON.parse((await once(lines, 'line'))[0]);

async function call(url, body) {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${started.api_key}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${url}: ${response.status}`);
  return response.json();
}

// Runs a server until the program exits, and returns its URL.
async function serve(listener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

// The deliveries to the bot, with its responses.
const deliveries = [];
let bot;
const target = await serve(async (request, response) => {
  const body = await buffer(request);
  const result = await bot.receive(Object.entries(request.headers), body, Date.now() / 1000);
  deliveries.push({ headers: request.headers, body, result });
  response.writeHead(result.status).end(result.reason);
});

const subscription = await call(`${started.base_url}/v3/webhook-subscriptions`, {
  target_url: target,
  subscribed_events: ['message.received'],
});
bot = new Bot(subscription.signing_secret, started.api_key, started.base_url);

const said = await call(`${started.control_url}/people/+12025550199/says`, { text: 'Are you there?' });
for (let tries = 0; tries < 500 && !deliveries.length; tries += 1) await sleep(20);
const [{ headers, body, result }] = deliveries;
assert.equal(result.status, 204);
assert.equal(result.event.event_type, 'message.received');
assert.equal(result.event.data.parts[0].value, 'Are you there?');

async function replies() {
  const { transcript } = await call(`${started.control_url}/chats/${said.chat_id}/transcript`);
  return transcript.split('\n').filter((line) => line.includes('You wrote: Are you there?'));
}

assert.equal((await replies()).length, 1);

async function post(delivered) {
  const { host, connection, 'content-length': length, ...headers } = delivered;
  return fetch(target, { method: 'POST', headers, body });
}

const repeated = await post(headers);
assert.equal(repeated.status, 204);
assert.equal((await replies()).length, 1);

const errors = [];
console.error = (error) => errors.push(error);
const forged = await post({ 'webhook-id': 'e1' });
assert.equal(forged.status, 401);
assert.equal(await forged.text(), errors[0]);
assert.equal(deliveries.at(-1).result.event, undefined);

// An API whose response never ends: the bot stops reading at the maximum size.
const endless = await serve((_, response) => {
  const piece = Buffer.alloc(1024 * 1024);
  const write = () => response.destroyed || response.write(piece, write);
  write();
});
bot = new Bot(subscription.signing_secret, started.api_key, endless);
const failed = await post(headers);
assert.equal(failed.status, 500);
assert.match(errors[1], /the response is too large/);

console.log('wasm: the bot replied once, and rejected a wrong signature and an endless response');
process.exit(0);
