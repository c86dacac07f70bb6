// A client inside the cluster, so that what fails between the runner and the cluster is no failure of the fleet. It is told
// what to do over HTTP: each route takes JSON and answers JSON.
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { Load, type LoadOptions } from './load.ts';

const loads = new Map<string, Load>();
type Body = Record<string, unknown>;

const routes: Record<string, (body: Body) => unknown> = {
  /** Starts sending and recording; `{ name, url, key, senders, pauseMs }`. */
  'load/start': (body) => {
    const load = new Load(body as unknown as LoadOptions);
    loads.get(String(body.name))?.stop();
    loads.set(String(body.name), load);
    load.start();
    return {};
  },
  'load/stats': ({ name }) => loadOf(name).stats(),
  /** Lets every sender get its last batch acknowledged. */
  'load/finish': async ({ name }) => loadOf(name).finish(),
  /** Holds the fleet to all that was acknowledged. */
  'load/verify': ({ name, timeoutMs }) => loadOf(name).verify(Number(timeoutMs)),
  produce: ({ brokers, topic, events }) => produce(String(brokers), String(topic), events as Event[]),
  reach: ({ host, port }) => reach(String(host), Number(port)),
  /** Answers whether a request was answered at all, and how. */
  fetch: async ({ url, key }) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key as string}` };
    const answer = await fetch(String(url), { headers, signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, body: await answer.text() };
  },
  /** Rows of one question to Postgres; the address is in DATABASE_URL. */
  sql: async ({ text }) => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL ?? '', connectionTimeoutMillis: 10_000 });
    await client.connect();
    try {
      return (await client.query(String(text))).rows as unknown;
    } finally {
      await client.end();
    }
  },
};

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: unknown;
}

/** CloudEvents in binary mode, acks=all. */
async function produce(brokers: string, topic: string, events: readonly Event[]): Promise<unknown> {
  const kafka = new Kafka({ clientId: 'e2e', brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  const messages = events.map(({ id, type, subject, data }) => ({
    key: subject,
    value: JSON.stringify(data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/e2e/cluster',
      ce_type: type,
      ce_subject: subject,
      ce_time: new Date().toISOString(),
    },
  }));
  const answer = await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
  return { partitions: answer.length };
}

/** Whether a TCP connection is made within 3 s; a policy that drops is silence, one that rejects a refusal. */
function reach(host: string, port: number): Promise<{ reached: boolean; how: string }> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (reached: boolean, how: string): void => {
      socket.destroy();
      resolve({ reached, how });
    };
    socket.setTimeout(3000, () => end(false, 'silence'));
    socket
      .once('connect', () => end(true, 'connected'))
      .once('error', (error: NodeJS.ErrnoException) => end(false, error.code ?? ''));
  });
}

function loadOf(name: unknown): Load {
  const load = loads.get(String(name));
  if (load === undefined) throw new Error(`there is no load ${JSON.stringify(name)}; POST load/start begins one`);
  return load;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const text = (await request.setEncoding('utf8').toArray()).join('');
  return text === '' ? {} : (JSON.parse(text) as Body);
}

const server = createServer((request, response) => {
  const answer = async (): Promise<unknown> => {
    const route = routes[(request.url ?? '/').slice(1)];
    if (route === undefined) return { ready: true };
    return route(await bodyOf(request));
  };
  answer().then(
    (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)),
    (error: unknown) => response.writeHead(500).end(Error.isError(error) ? (error.stack ?? error.message) : String(error)),
  );
});
server.listen(8090, '0.0.0.0', () => console.log('e2e client ready'));
process.on('SIGTERM', () => process.exit(0));
