// A process of its own that sends spans over HTTP, as fast as they are taken: `node otlp-sender.ts URL NAMESPACE SPANS_PER_TRACE REQUESTS IN_FLIGHT`.
// Prints, as one line of JSON, when it began and ended (ms since the epoch), its CPU seconds, and how many requests were turned away first.
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { bodyOf } from './otlp-bodies.ts';

const [url = '', namespace = '', perTrace = '500', count = '1', inFlight = '4'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(inFlight) });
let left = Number(count);
let turnedAway = 0;

function post(bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': bytes.length };
    const sent = request(`${url}/v1/traces`, { method: 'POST', agent, headers }, (answer) => {
      let size = 0;
      answer.on('data', (chunk: Buffer) => (size += chunk.length));
      answer.on('end', () =>
        answer.statusCode === 200 && size > 0
          ? reject(new Error('some spans were not accepted'))
          : resolve(answer.statusCode ?? 0),
      );
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

async function sender(): Promise<void> {
  const body = bodyOf(namespace, Number(perTrace));
  while (left-- > 0) {
    body.renew();
    for (let status = await post(body.bytes); status !== 200; status = await post(body.bytes)) {
      if (status !== 503) throw new Error(`the receiver answered ${status}`);
      turnedAway++;
      await delay(100);
    }
  }
}

const beganMs = Date.now();
await Promise.all(Array.from({ length: Number(inFlight) }, sender));
const { user, system } = process.cpuUsage();
process.stdout.write(`${JSON.stringify({ beganMs, endedMs: Date.now(), cpuSeconds: (user + system) / 1e6, turnedAway })}\n`);
agent.destroy();
