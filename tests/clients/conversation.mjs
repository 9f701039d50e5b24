// A conversation between @linqapp/sdk and a sandbox, with one line on stdout per step.
//
// The client takes its address and key from LINQ_API_V3_BASE_URL and LINQ_API_V3_API_KEY.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import LinqAPIV3 from '@linqapp/sdk';
import { VERSION } from '@linqapp/sdk/version';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const PERSON = '+12025550199';
const PIXEL = Buffer.from(
  '89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de' +
    '0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082',
  'hex',
);
// Later versions leave verification to others.
const [major, minor] = VERSION.split('.').map(Number);
const UNWRAPS = major === 0 && minor < 42;

async function step(name, run) {
  try {
    await run();
  } catch (error) {
    console.log(`FAILED ${name}`);
    console.error(error);
    process.exit(1);
  }
  console.log(`ok ${name}`);
}

/** Calls a control endpoint of the sandbox: what happens outside the API. */
async function control(path, body) {
  const answer = await fetch(new URL(`/sandbox/${path}`, process.env.LINQ_API_V3_BASE_URL), {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.LINQ_API_V3_API_KEY}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, `POST /sandbox/${path}`);
  return answer.json();
}

/** A server for webhooks, which keeps them until `next` asks for one of their type. */
async function receiver() {
  const received = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    received.push({ body, headers: request.headers, type: JSON.parse(body).event_type });
    response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${server.address().port}/webhooks`,
    close: () => server.close().closeAllConnections(),
    async next(eventType) {
      const deadline = performance.now() + 30_000;
      for (; performance.now() < deadline; await setTimeout(20)) {
        const index = received.findIndex(({ type }) => type === eventType);
        if (index >= 0) return received.splice(index, 1)[0];
      }
      throw new Error(`no ${eventType} came`);
    },
  };
}

const text = (value) => ({ parts: [{ type: 'text', value }] });

/** The call fails by this very class, with this code in the answer. */
async function refused(error, code, call) {
  const refusal = await call().then(
    () => assert.fail(`nothing was refused; ${error.name} was due`),
    (refusal) => refusal,
  );
  assert.equal(refusal.constructor, error, refusal);
  assert.equal(refusal.error.error.code, code, refusal);
  return refusal;
}

/** Reads a webhook, verified by the SDK if this version does that, and by the Standard Webhooks library. */
function readWebhook(client, key, { body, headers }) {
  const changed = `${body} `;
  const verifier = new Webhook(key);
  assert.throws(() => verifier.verify(changed, headers), WebhookVerificationError);
  const verified = verifier.verify(body, headers);
  if (!UNWRAPS) return verified;

  assert.throws(() => client.webhooks.unwrap(changed, { headers, key }), WebhookVerificationError);
  return client.webhooks.unwrap(body, { headers, key });
}

const client = new LinqAPIV3();
const impatient = client.withOptions({ maxRetries: 0 });

let line;
await step('list lines', async () => {
  const { phone_numbers } = await client.phoneNumbers.list();
  line = phone_numbers[0].phone_number;
});

let chat;
await step('create chat', async () => {
  ({ chat } = await client.chats.create({ from: line, to: [PERSON], message: text('We open at nine.') }));
  assert.equal(chat.message.delivery_status, 'pending');
});
const opening = chat.message;

await step('send', async () => {
  for (const value of ['Bring your ticket.', 'Doors close at ten.', 'No dogs, sorry.', 'See you!']) {
    const { chat_id, message } = await client.chats.messages.send(chat.id, { message: text(value) });
    assert.equal(chat_id, chat.id);
    assert.equal(message.parts[0].value, value);
  }
});

await step('page through messages', async () => {
  const first = await client.chats.messages.list(chat.id, { limit: 2 });
  const sizes = [];
  for await (const page of first.iterPages()) sizes.push(page.messages.length);
  assert.deepEqual(sizes, [2, 2, 1]);

  const ids = new Set();
  for await (const message of client.chats.messages.list(chat.id, { limit: 2 })) ids.add(message.id);
  assert.equal(ids.size, 5);
  assert(ids.has(opening.id));

  const chats = [];
  for await (const listed of client.chats.listChats({ from: line, limit: 1 })) chats.push(listed.id);
  assert.deepEqual(chats, [chat.id]);
});

await step('read a message', async () => {
  await control('advance', { seconds: 10 });
  const message = await client.messages.retrieve(opening.id);
  assert.equal(message.parts[0].value, 'We open at nine.');
  assert.equal(message.delivery_status, 'read');
  await client.chats.markAsRead(chat.id);
});

await step('react', async () => {
  await client.messages.addReaction(opening.id, { operation: 'add', type: 'love' });
  await control('advance', { seconds: 5 });
  const { parts } = await client.messages.retrieve(opening.id);
  assert.deepEqual(
    parts[0].reactions.map(({ type, is_me }) => [type, is_me]),
    [['love', true]],
  );
});

await step('edit', async () => {
  const edited = await client.messages.update(opening.id, { text: 'We open at ten.', part_index: 0 });
  assert.equal(edited.parts[0].value, 'We open at ten.');
  const { parts } = await client.messages.retrieve(opening.id);
  assert.equal(parts[0].value, 'We open at ten.');
});

await step('attach', async () => {
  const attachment = await client.attachments.create({
    content_type: 'image/png',
    filename: 'map.png',
    size_bytes: PIXEL.length,
  });
  const media = { parts: [{ type: 'media', attachment_id: attachment.attachment_id }] };
  const send = () => client.chats.messages.send(chat.id, { message: media });
  await refused(LinqAPIV3.NotFoundError, 2007, send);

  const upload = await fetch(attachment.upload_url, {
    method: attachment.http_method,
    headers: attachment.required_headers,
    body: PIXEL,
  });
  assert.equal(upload.status, 200);

  const [part] = (await send()).message.parts;
  assert.deepEqual([part.filename, part.mime_type, part.size_bytes], ['map.png', 'image/png', PIXEL.length]);
  const download = await fetch(part.url);
  assert(PIXEL.equals(Buffer.from(await download.arrayBuffer())));
});

const webhooks = await receiver();
let subscription;
await step('subscribe', async () => {
  subscription = await client.webhookSubscriptions.create({
    target_url: `${webhooks.url}?version=2026-02-03`,
    subscribed_events: ['message.received', 'reaction.added'],
  });
  const { subscriptions } = await client.webhookSubscriptions.list();
  assert.deepEqual(
    subscriptions.map(({ id }) => id),
    [subscription.id],
  );
});
const secret = subscription.signing_secret;

await step('receive a webhook', async () => {
  const said = await control(`people/${PERSON}/says`, { text: 'Casey here, see you then!' });
  const event = readWebhook(client, secret, await webhooks.next('message.received'));
  assert.equal(event.event_type, 'message.received');
  assert.equal(event.webhook_version, '2026-02-03');
  assert.deepEqual([event.data.chat.id, event.data.id], [said.chat_id, said.message_id]);
  assert.equal(event.data.direction, 'inbound');
  assert.equal(event.data.sender_handle.handle, PERSON);
  assert.equal(event.data.parts[0].value, 'Casey here, see you then!');
});

await step('receive a webhook about a reaction', async () => {
  await control(`people/${PERSON}/reacts`, { message_id: opening.id, operation: 'add', type: 'laugh' });
  const event = readWebhook(client, secret, await webhooks.next('reaction.added'));
  assert.deepEqual([event.data.reaction_type, event.data.message_id], ['laugh', opening.id]);
});

await step('400 BadRequestError', () =>
  refused(LinqAPIV3.BadRequestError, 1002, () =>
    client.chats.create({ from: line, to: ['12'], message: text('Hi') }),
  ),
);

await step('401 AuthenticationError', () =>
  refused(LinqAPIV3.AuthenticationError, 2004, () =>
    client.withOptions({ apiKey: 'wrong' }).chats.retrieve(chat.id),
  ),
);

await step('403 PermissionDeniedError', () =>
  refused(LinqAPIV3.PermissionDeniedError, 2006, () =>
    client.chats.create({ from: '+12025550111', to: [PERSON], message: text('Hi') }),
  ),
);

await step('404 NotFoundError', async () => {
  const nowhere = randomUUID();
  await refused(LinqAPIV3.NotFoundError, 2001, () => client.chats.retrieve(nowhere));
  await refused(LinqAPIV3.NotFoundError, 2002, () => client.messages.retrieve(nowhere));
});

await step('409 ConflictError', () =>
  refused(LinqAPIV3.ConflictError, 1006, () => impatient.chats.update(chat.id, { display_name: 'Casey' })),
);

await step('429 RateLimitError', async () => {
  await control('advance', { seconds: 60 });
  const send = (value) => impatient.chats.messages.send(chat.id, { message: text(value) });
  for (let count = 0; count < 30; count += 1) await send(`${count}`);
  const refusal = await refused(LinqAPIV3.RateLimitError, 1007, () => send('One too many.'));
  const wait = Number(refusal.headers.get('retry-after'));
  assert.equal(refusal.error.error.retry_after, wait);
  await control('advance', { seconds: wait });
  await send('Now I may.');
});

await step('429 and the wait is honoured', async () => {
  await control('faults', { faults: ['chats.messages.send: 429 3s x1'] });
  const started = performance.now();
  const late = await client.chats.messages.send(chat.id, { message: text('Late, but once.') });
  const waited = (performance.now() - started) / 1000;
  assert(waited >= 3 && waited < 10, `the client waited for ${waited.toFixed(1)} s instead of 3`);
  const { messages } = await client.chats.messages.list(chat.id, { limit: 5 });
  const repeats = messages.filter(({ parts }) => parts[0].value === 'Late, but once.').map(({ id }) => id);
  assert.deepEqual(repeats, [late.message.id]);
});

await step('500 InternalServerError', async () => {
  await control('faults', { faults: ['chats.retrieve: 500 x1'] });
  await refused(LinqAPIV3.InternalServerError, 3006, () => impatient.chats.retrieve(chat.id));
  assert.equal((await impatient.chats.retrieve(chat.id)).id, chat.id);
});

await step('opt out', async () => {
  const send = (value) => client.chats.messages.send(chat.id, { message: text(value) });
  await control(`people/${PERSON}/says`, { text: 'STOP' });
  await refused(LinqAPIV3.PermissionDeniedError, 2024, () => send('Anyone?'));
  await control(`people/${PERSON}/says`, { text: 'I am back.' });
  await send('Welcome back!');
});

await step('unsubscribe', async () => {
  await client.webhookSubscriptions.delete(subscription.id);
  await refused(LinqAPIV3.NotFoundError, 2010, () => client.webhookSubscriptions.retrieve(subscription.id));
});

webhooks.close();
