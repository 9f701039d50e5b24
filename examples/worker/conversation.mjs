// Lets somebody write to the bot, and sees it answer: `node conversation.mjs WORKER.js LINQ`.
//
// The sandbox of `linq` delivers the signed webhook; this program is the server around the worker.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

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

let bot;
const answers = [];
const server = createServer(async (request, response) => {
  const body = await buffer(request);
  const answer = await bot.receive(Object.entries(request.headers), body, Date.now() / 1000);
  answers.push(answer);
  response.writeHead(answer.status).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const target = `http://127.0.0.1:${server.address().port}/`;

const subscription = await call(`${started.base_url}/v3/webhook-subscriptions`, {
  target_url: target,
  subscribed_events: ['message.received'],
});
bot = new Bot(subscription.signing_secret, started.api_key, started.base_url);

const said = await call(`${started.control_url}/people/+12025550199/says`, { text: 'Are you there?' });
let transcript = '';
for (let tries = 0; tries < 500 && !transcript.includes('You wrote: Are you there?'); tries += 1) {
  await sleep(20);
  ({ transcript } = await call(`${started.control_url}/chats/${said.chat_id}/transcript`));
}
assert.match(transcript, /You wrote: Are you there\?/);
assert.equal(answers.length, 1);
assert.equal(answers[0].status, 204);
assert.equal(answers[0].event.event_type, 'message.received');
assert.equal(answers[0].event.data.parts[0].value, 'Are you there?');
console.log(transcript.trimEnd());

const forged = await fetch(target, { method: 'POST', headers: { 'webhook-id': 'e1' }, body: '{}' });
assert.equal(forged.status, 401);
assert.equal(answers[1].event, undefined);
console.log('wasm: the bot answered a signed webhook and refused an unsigned one');
process.exit(0);
