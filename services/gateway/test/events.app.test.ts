import { create, toBinary } from '@bufbuild/protobuf';
import { StepEventSchema } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { type Gateway, nowMs as receivedMs, openGateway } from './open-gateway.ts';

const data = {
  executionId: 'run-42',
  stepId: 'search',
  startedAt: '2026-03-01T12:00:00.000000001Z',
  finishedAt: '2026-03-01T12:00:01Z',
};
const event = { specversion: '1.0', id: 'e1', source: '/engine', type: 'tmws.step.completed', data };
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/engine', 'ce-type': 'tmws.step.completed' };
const structured = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };
const path = '/api/v1/events';
const accepted = { items: [{ id: 'e1', status: 'accepted' }] };

/** What the log holds, as header and JSON. */
const onLog = ({ log }: Gateway) =>
  log.published.map(({ topic, key, headers, value }) => ({
    topic,
    key: String(key),
    headers,
    data: JSON.parse(String(value)) as unknown,
  }));

test.each([
  ['binary', data, binary],
  ['structured', event, structured],
  ['batch', [event], batch],
] as const)('an event in %s mode is on the log before the answer, keyed by its execution', async (_mode, body, headers) => {
  await using gateway = await openGateway();
  const response = await gateway.post(path, body, headers);
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual(accepted);
  expect(onLog(gateway)).toEqual([
    {
      topic: 'tmws.workflow',
      key: 'run-42',
      headers: {
        ce_specversion: '1.0',
        ce_id: 'e1',
        ce_source: '/engine',
        ce_type: 'tmws.step.completed',
        ce_time: '2026-03-01T12:00:00.000Z',
        ce_subject: 'run-42',
        ce_tmwsnamespace: 'default',
        'content-type': 'application/json',
      },
      data,
    },
  ]);
});

test('binary mode takes protobuf, and attributes in other scripts', async () => {
  await using gateway = await openGateway();
  const bytes = toBinary(StepEventSchema, create(StepEventSchema, { executionId: 'läufe/1', stepId: 's' }));
  const response = await gateway.post(path, bytes, {
    ...binary,
    'ce-subject': encodeURIComponent('läufe/1'),
    'content-type': 'application/protobuf',
  });
  expect(response.status).toBe(202);
  expect(onLog(gateway)).toMatchObject([{ key: 'läufe/1', data: { executionId: 'läufe/1', stepId: 's' } }]);
});

test('no secret gets onto the log, and a payload above 64 KiB is its beginning', async () => {
  await using gateway = await openGateway();
  const attributes = { apiKey: 'sk-abcdefghijklmnopqrstuvwxyz', note: 'Bearer abcdefghijklmnop' };
  const big = { inline: 'x'.repeat(100_000) };
  expect((await gateway.post(path, { ...data, attributes, input: big }, binary)).status).toBe(202);
  const text = String(gateway.log.published[0]!.value);
  expect(text).not.toMatch(/sk-abc|abcdefghijklmnop/);
  expect(text).toContain('[redacted]');
  expect(onLog(gateway)[0]!.data).toMatchObject({ input: { truncated: true, bytes: '100000' } });
  expect(text.length).toBeLessThan(80_000);
});

test('what the event says of its namespace beats the header, which beats the query', async () => {
  await using gateway = await openGateway();
  const post = (own: object, headers: Record<string, string>, query = '') =>
    gateway.post(`${path}${query}`, { ...event, ...own }, { ...structured, ...headers });
  await post({ tmwsnamespace: 'own' }, { 'x-tmws-namespace': 'header' }, '?namespace=query');
  await post({}, { 'x-tmws-namespace': 'header' }, '?namespace=query');
  await post({}, {}, '?namespace=query');
  await post({}, {});
  expect(onLog(gateway).map(({ headers }) => headers.ce_tmwsnamespace)).toEqual(['own', 'header', 'query', 'default']);
});

test("the request's trace goes along, unless the event has its own", async () => {
  await using gateway = await openGateway();
  const mine = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const own = '00-11111111111111111111111111111111-2222222222222222-01';
  await gateway.post(path, event, { ...structured, traceparent: mine });
  await gateway.post(path, { ...event, traceparent: own }, { ...structured, traceparent: mine });
  await gateway.post(path, event, { ...structured, traceparent: 'rubbish' });
  expect(onLog(gateway).map(({ headers }) => headers.ce_traceparent)).toEqual([mine, own, undefined]);
});

test('in a batch the good are taken and the bad are told, in order, and an id may come twice', async () => {
  await using gateway = await openGateway();
  const bad = { ...event, id: 'e2', data: { executionId: 'run-42' } };
  const response = await gateway.post(path, [event, bad, 'no event', event, { ...event, id: 'e4' }], batch);
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({
    items: [
      { id: 'e1', status: 'accepted' },
      {
        id: 'e2',
        status: 'refused',
        problem: expect.objectContaining({ status: 400, field: 'data.stepId', detail: 'data.stepId is missing' }) as unknown,
      },
      {
        id: '',
        status: 'refused',
        problem: expect.objectContaining({ detail: 'a CloudEvent must be a JSON object' }) as unknown,
      },
      { id: 'e1', status: 'accepted' },
      { id: 'e4', status: 'accepted' },
    ],
  });
  expect(onLog(gateway).map(({ headers }) => headers.ce_id)).toEqual(['e1', 'e1', 'e4']);
});

test('a batch of which nothing was accepted is a problem that holds the reasons; an empty one is fine', async () => {
  await using gateway = await openGateway();
  const response = await gateway.post(path, [{ ...event, type: 'tmws.step.exploded' }, 7], batch);
  expect(response.status).toBe(400);
  const document = await gateway.problem(response);
  expect(document).toMatchObject({
    detail: 'none of the 2 events was accepted; items says why',
    items: [{ id: 'e1', status: 'refused', problem: { field: 'type' } }, { status: 'refused' }],
  });
  expect(await (await gateway.post(path, [], batch)).json()).toEqual({ items: [] });
  expect(gateway.log.published).toEqual([]);
});

test.each([
  ['JSON that is none', '{"executionId":', {}, 400, 'data', 'data is not JSON'],
  ['no execution id', { stepId: 's' }, {}, 400, 'data.executionId', 'data.executionId is missing'],
  ['no step id', { executionId: 'x' }, {}, 400, 'data.stepId', 'data.stepId is missing'],
  ['a number for an id', { executionId: 1, stepId: 's' }, {}, 400, 'data', 'data is no tmws.events.v1.StepEvent'],
  [
    'an unknown type',
    data,
    { 'ce-type': 'tmws.step.exploded' },
    415,
    'type',
    '"tmws.step.exploded" is not known here; known are',
  ],
  ['an absurd time', data, { 'ce-time': '1850-01-01T00:00:00Z' }, 400, 'time', 'time must lie between 1970 and 2200'],
  ['an absurd time within', { ...data, startedAt: '9999-01-01T00:00:00Z' }, {}, 400, 'data.startedAt', 'between 1970 and 2200'],
  ['a time that is none', data, { 'ce-time': 'yesterday' }, 400, 'time', 'time must be an RFC 3339 time like'],
  ['another subject', data, { 'ce-subject': 'run-43' }, 400, 'subject', 'they must be the same'],
  ['no id', data, { 'ce-id': '' }, 400, 'id', 'the CloudEvents attribute id is missing'],
  ['a wrong namespace', data, { 'x-tmws-namespace': 'Team A' }, 400, 'namespace', 'header x-tmws-namespace must be'],
  [
    'another data type',
    '<x/>',
    { 'content-type': 'text/xml' },
    415,
    'datacontenttype',
    'application/json or application/protobuf',
  ],
] as const)('a single event with %s is refused by name', async (_what, body, headers, status, field, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.post(path, body, { ...binary, ...headers });
  expect(response.status).toBe(status);
  const document = await gateway.problem(response);
  expect(document.detail).toContain(detail);
  if (field !== 'data' || document.field !== undefined) expect(document.field).toBe(field);
  expect(gateway.log.published).toEqual([]);
});

test.each([
  ['no CloudEvent at all', data, {}, 415, 'this is no CloudEvent: send application/cloudevents+json'],
  ['a batch that is no array', event, batch, 400, 'a batch must be a JSON array'],
  ['a batch that is no JSON', '[{', batch, 400, 'the body is not JSON'],
  ['a structured event that is a text', '"x"', structured, 400, 'a CloudEvent must be a JSON object'],
  ['an unknown parameter', event, structured, 400, 'there is no parameter "nmespace" here'],
  ['CloudEvents in Avro', 'x', { 'content-type': 'application/cloudevents+avro' }, 415, 'is not read here'],
])('a request with %s is refused as a whole', async (what, body, headers, status, detail) => {
  await using gateway = await openGateway();
  const query = what === 'an unknown parameter' ? '?nmespace=a' : '';
  const response = await gateway.post(`${path}${query}`, body, headers);
  expect(response.status).toBe(status);
  expect((await gateway.problem(response)).detail).toContain(detail);
});

test('a body above the limit is 413', async () => {
  await using gateway = await openGateway({ GATEWAY_MAX_BODY_BYTES: '2048' });
  const response = await gateway.post(path, { ...event, data: { ...data, name: 'x'.repeat(4000) } }, structured);
  expect(response.status).toBe(413);
  expect((await gateway.problem(response)).detail).toBe('the body must be at most 2048 bytes; send it in parts');
});

test('a log that is away is 503 with when to come again, for one event and for a batch', async () => {
  await using gateway = await openGateway();
  gateway.log.failWith = new Problem('unavailable', 'Kafka did not take the records in time', { retryAfterMs: 1000 });
  const single = await gateway.post(path, event, structured);
  expect([single.status, single.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await gateway.problem(single)).detail).toBe('Kafka did not take the records in time');
  const many = await gateway.post(path, [event, { ...event, type: 'no' }], batch);
  expect([many.status, many.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await gateway.problem(many)).items).toHaveLength(2);
});

test('a protobuf value that JSON cannot hold is refused by name', async () => {
  await using gateway = await openGateway();
  const startedAt = { seconds: 5n, nanos: -1 };
  const bytes = toBinary(StepEventSchema, create(StepEventSchema, { executionId: 'x', stepId: 's', startedAt }));
  const response = await gateway.post(path, bytes, { ...binary, 'content-type': 'application/protobuf' });
  expect(response.status).toBe(400);
  expect((await gateway.problem(response)).field).toBe('data');
});

test('an unknown error of the log is a fixed sentence, for one event and within a batch', async () => {
  await using gateway = await openGateway();
  gateway.log.failWith = new Error('ENOSPC /srv/secret');
  const sentence = 'Something went wrong on our side; the log has the details.';
  for (const [body, headers] of [[event, structured] as const, [[event], batch] as const]) {
    const response = await gateway.post(path, body, headers);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain(sentence);
    expect(text).not.toContain('ENOSPC');
  }
});

test('health is answered while a batch of ten thousand is read', async () => {
  const order: string[] = [];
  const begun = Promise.withResolvers<undefined>();
  // The time a batch is received at is asked for when reading it begins.
  const nowMs = (): number => {
    begun.resolve(undefined);
    return receivedMs;
  };
  await using gateway = await openGateway({}, { clock: { nowMs } });
  const many = Array.from({ length: 10_000 }, (_, i) => ({ ...event, id: `e${i}` }));
  const healthy = begun.promise.then(async () => {
    expect((await gateway.get('/healthz')).status).toBe(200);
    order.push('health');
  });
  const response = await gateway.post(path, many, batch);
  order.push('batch');
  const { items } = (await response.json()) as { items: { id: string }[] };
  expect(items.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
  await healthy;
  expect(order).toEqual(['health', 'batch']);
  expect(gateway.log.published.map(({ headers }) => headers.ce_id)).toEqual(many.map(({ id }) => id));
});
