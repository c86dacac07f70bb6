import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { executionChange } from '../src/inbound/schemas/timeline.ts';
import { execution } from '../src/inbound/schemas/execution.ts';
import { aborted, anExecution, startNs } from './fake-timeline.ts';
import { openGateway } from './open-gateway.ts';

const base = '/api/v1/executions';
const asStream = { accept: 'text/event-stream' };

interface ServerSentEvent {
  id?: string;
  event: string;
  data: unknown;
}

function parse(text: string): ServerSentEvent[] {
  const blocks = text.split('\n\n').filter((block) => block.includes('event: '));
  return blocks.map((block) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const id = field('id');
    return { ...(id !== undefined && { id }), event: field('event')!, data: JSON.parse(field('data')!) as unknown };
  });
}

/** Reads until `count` events have come, then leaves. */
async function read(response: Response, count: number): Promise<ServerSentEvent[]> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (parse(text).length >= count) break;
  }
  return parse(text);
}

test('an execution is followed change by change, and its end is told', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/run-42/stream`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = parse(await response.text());
  expect(events.map(({ id, event }) => [id, event])).toEqual([
    ['8', 'change'],
    ['9', 'change'],
    [undefined, 'end'],
  ]);
  for (const { data } of events.slice(0, 2)) expect(executionChange.parse(data)).toEqual(data);
});

test.each([
  ['Last-Event-ID', '', { 'last-event-id': '41' }, 41n],
  ['since', '?since=40', {}, 40n],
  ['Last-Event-ID rather than since', '?since=40', { 'last-event-id': '41' }, 41n],
  ['nothing', '', {}, 0n],
])('a stream goes on from %s', async (_what, query, headers, sinceRevision) => {
  await using gateway = await openGateway();
  await (await gateway.get(`${base}/run-42/stream${query}`, { headers: headers as Record<string, string> })).text();
  expect(gateway.timeline.heard.find(({ method }) => method === 'watchExecution')!.request).toMatchObject({ sinceRevision });
  const list = await gateway.get(`${base}${query}`, { headers: { ...asStream, ...headers } });
  await read(list, 1);
  expect(gateway.timeline.heard.find(({ method }) => method === 'watchExecutions')!.request).toMatchObject({ sinceRevision });
});

test('the list as a stream has an event for each execution and each deletion, and the id to resume from on the last that came together', async () => {
  await using gateway = await openGateway();
  const events = await read(await gateway.get(base, { headers: asStream }), 3);
  expect(events.map(({ id, event, data }) => [id, event, (data as { id: string }).id])).toEqual([
    [undefined, 'execution', 'run-42'],
    [undefined, 'execution', 'run-43'],
    ['11', 'deleted', 'run-41'],
  ]);
  for (const { data } of events.slice(0, 2)) expect(execution.parse(data)).toEqual(data);
});

test('a client that leaves ends the call to the service', async () => {
  await using gateway = await openGateway();
  await read(await gateway.get(base, { headers: asStream }), 1);
  const watched = gateway.timeline.heard.find(({ method }) => method === 'watchExecutions')!;
  await eventually(() => expect(watched.call.signal.aborted).toBe(true));
});

test('when the service breaks off, the stream tells it and ends without an end, so that the browser comes again', async () => {
  await using gateway = await openGateway();
  gateway.timeline.answers.watchExecution = async function* ({ id }) {
    yield await Promise.resolve({ execution: anExecution(id, { revision: 8n }), asOfNs: startNs });
    throw new Problem('unavailable', 'the store is away', { retryAfterMs: 1000 });
  };
  const events = parse(await (await gateway.get(`${base}/run-42/stream`)).text());
  expect(events.map(({ event }) => event)).toEqual(['change', 'problem']);
  expect(events[1]!.data).toMatchObject({ status: 503, detail: 'the store is away' });
});

test('when the service stops, the stream ends without an end', async () => {
  await using gateway = await openGateway();
  gateway.timeline.answers.watchExecution = async function* ({ id }, { signal }) {
    yield { execution: anExecution(id, { revision: 8n }), asOfNs: startNs };
    await aborted(signal);
  };
  const response = await gateway.get(`${base}/run-42/stream`);
  const text = response.text();
  await eventually(() => expect(gateway.timeline.heard.some(({ method }) => method === 'watchExecution')).toBe(true));
  await gateway.timeline.close();
  expect(parse(await text).map(({ event }) => event)).not.toContain('end');
});

test('who resumes after the end is told the end', async () => {
  await using gateway = await openGateway();
  gateway.timeline.answers.getExecution = ({ id }) => Promise.resolve({ execution: anExecution(id, { status: 'failed' }) });
  // eslint-disable-next-line require-yield
  gateway.timeline.answers.watchExecution = async function* () {
    await Promise.resolve();
  };
  const events = parse(await (await gateway.get(`${base}/run-42/stream?since=9`)).text());
  expect(events).toEqual([{ event: 'end', data: {} }]);
});

test('an execution that is not there is 404, not a stream; a wrong revision is 400', async () => {
  await using gateway = await openGateway();
  const missing = await gateway.get(`${base}/nope/stream`);
  expect(missing.status).toBe(404);
  const wrong = await gateway.get(`${base}/run-42/stream`, { headers: { 'last-event-id': 'x' } });
  expect([wrong.status, (await gateway.problem(wrong)).field]).toEqual([400, 'last-event-id']);
});

test('while the service is away a stream still opens, so that a browser tries again', async () => {
  await using gateway = await openGateway();
  await gateway.timeline.close();
  const response = await gateway.get(`${base}/run-42/stream`);
  expect(response.status).toBe(200);
  expect(parse(await response.text())).toMatchObject([{ event: 'problem', data: { status: 503 } }]);
});

test('a reader that does not read holds the service back', async () => {
  await using gateway = await openGateway();
  let sent = 0;
  gateway.timeline.answers.watchExecutions = async function* (_request, { signal }) {
    const name = 'x'.repeat(64 * 1024);
    for (; sent < 2000 && !signal.aborted; sent++)
      yield await Promise.resolve({ items: [anExecution('a', { name })], revision: 1n });
  };
  const { port, host } = new URL(gateway.url);
  const socket = connect(Number(port), '127.0.0.1', () =>
    socket.write(`GET ${base} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`),
  );
  socket.on('error', () => undefined).pause();
  await eventually(() => expect(sent).toBeGreaterThan(5));
  let before = -1;
  while (before !== sent) {
    before = sent;
    for (let i = 0; i < 1000; i++) await turn();
  }
  expect(sent).toBeLessThan(1000);
  socket.destroy();
});
