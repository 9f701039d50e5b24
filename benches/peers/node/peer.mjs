// Does a job with @linqapp/sdk: verify, get, receive or send as lines on stdin say, or one call at once.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import LinqAPIV3 from '@linqapp/sdk';
import { VERSION } from '@linqapp/sdk/version';
import { Webhook } from 'standardwebhooks';

const MESSAGE_ID = '69a37c7d-af4f-4b5e-af42-e28e98ce873a';
const IN_FLIGHT = 32;

const { PEERS_SECRET: key, PEERS_BODIES: bodies } = process.env;
// The base URL and the key are in the environment.
const client = new LinqAPIV3();

async function repeat(call) {
  for await (const line of createInterface({ input: process.stdin })) {
    for (let left = Number(line); left > 0; left -= 1) {
      const result = call();
      // `unwrap` is synchronous, and an `await` of each result would be the larger part of its time.
      if (result instanceof Promise) await result;
    }
    console.log('done');
  }
}

const jobs = {
  async verify(name) {
    const body = readFileSync(`${bodies}/${name}.json`, 'utf8');
    const now = new Date();
    const headers = {
      'webhook-id': '1d883680',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign('1d883680', now, body),
    };
    await repeat(() => client.webhooks.unwrap(body, { headers, key }));
  },

  get: () => repeat(() => client.messages.retrieve(MESSAGE_ID)),

  receive() {
    const server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      try {
        client.webhooks.unwrap(Buffer.concat(chunks).toString(), { headers: request.headers, key });
        response.writeHead(204).end();
      } catch {
        response.writeHead(401).end();
      }
    });
    // The connections stay open while the other peers take their turns.
    server.keepAliveTimeout = 0;
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  },

  async send() {
    const { value } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
    const { chats, sends } = JSON.parse(value);
    const failed = [];
    let next = 0;
    const work = async () => {
      while (next < sends) {
        const number = next++;
        const message = { parts: [{ type: 'text', value: String(number) }] };
        try {
          await client.chats.messages.send(chats[number % chats.length], { message });
        } catch {
          failed.push(number);
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    console.log(JSON.stringify({ failed }));
  },

  async call() {
    console.log((await client.phoneNumbers.list()).phone_numbers[0].phone_number);
  },

  versions() {
    console.log(`@linqapp/sdk ${VERSION}`);
    console.log(`Node ${process.versions.node}`);
  },
};

const [, , job, ...rest] = process.argv;
await jobs[job](...rest);
