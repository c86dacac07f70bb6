import { Problem } from '@tmws/problems';
import { fromHttp } from './http-binding.ts';

const attributes = { specversion: '1.0', id: 'e1', source: '/engine', type: 'tmws.step.started' };
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/engine', 'ce-type': 'tmws.step.started' };
const structured = 'application/cloudevents+json';
const batched = 'application/cloudevents-batch+json';

const read = (headers: Record<string, string>, body: unknown) =>
  fromHttp(headers, Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), 7n);

/** The one event or problem of a request. */
const one = (headers: Record<string, string>, body: unknown) => {
  const { batch, events } = read(headers, body);
  expect([batch, events.length]).toEqual([false, 1]);
  return events[0];
};

test('a binary event has its attributes in headers and its data as they are', () => {
  const headers = { ...binary, 'ce-subject': 'run-1', 'ce-time': '1970-01-01T00:00:01Z', 'content-type': 'application/protobuf' };
  expect(one(headers, Buffer.from([1, 2]))).toMatchObject({
    id: 'e1',
    subject: 'run-1',
    timeNs: 1_000_000_000n,
    dataContentType: 'application/protobuf',
    data: Buffer.from([1, 2]),
  });
});

test('a binary event says other than ASCII by percent signs, and a percent sign that is none stays', () => {
  expect(one({ ...binary, 'ce-id': 'caf%C3%A9' }, '')).toMatchObject({ id: 'café' });
  expect(one({ ...binary, 'ce-id': '100%' }, '')).toMatchObject({ id: '100%' });
});

test('a structured event has everything in one object; extensions it does not know do no harm', () => {
  const event = { ...attributes, data: { a: 1 }, extension: 5, other: true, nothing: null };
  expect(one({ 'content-type': `${structured}; charset=utf-8` }, event)).toMatchObject({
    id: 'e1',
    timeNs: 7n,
    data: Buffer.from('{"a":1}'),
  });
  const bytes = { ...attributes, datacontenttype: 'application/protobuf', data_base64: 'AQL/' };
  expect(one({ 'content-type': structured.toUpperCase() }, bytes)).toMatchObject({ data: Buffer.from([1, 2, 255]) });
});

test('a batch gives a result for each, in order, and a bad one does not spoil the others', () => {
  const { batch, events } = read({ 'content-type': batched }, [
    { ...attributes, id: 'a' },
    5,
    { ...attributes, id: 'b', source: '' },
    { ...attributes, id: 'c' },
  ]);
  expect(batch).toBe(true);
  expect(events.map((event) => (event instanceof Problem ? (event.field ?? event.message) : event.id))).toEqual([
    'a',
    'a CloudEvent must be a JSON object',
    'source',
    'c',
  ]);
  expect(read({ 'content-type': batched }, []).events).toEqual([]);
});

test.each([
  [{ 'content-type': batched }, '{}', 'invalid', 'a batch must be a JSON array of CloudEvents'],
  [{ 'content-type': batched }, '[', 'invalid', 'the body is not JSON: Unexpected end of JSON input'],
  [{ 'content-type': batched }, '5'.repeat(10_001).split('').join(','), 'invalid', 'the body is not JSON'],
  [
    { 'content-type': batched },
    `[${'5,'.repeat(10_000)}5]`,
    'too_large',
    'a batch holds at most 10000 events (got 10001); send several',
  ],
  [
    { 'content-type': 'application/cloudevents+avro' },
    '',
    'unsupported',
    'application/cloudevents+avro is not read here; use application/cloudevents+json or application/cloudevents-batch+json',
  ],
  [{ 'content-type': 'application/json' }, '{}', 'unsupported', 'this is no CloudEvent: send application/cloudevents+json'],
  [{}, '', 'unsupported', 'this is no CloudEvent'],
])('a request %j that holds no events as a whole is refused', (headers, body, kind, message) => {
  expect(() => read(headers as Record<string, string>, body)).toThrow(
    expect.objectContaining({ kind, message: expect.stringContaining(message) as string }) as Error,
  );
});

test.each([
  ['no object', 'null', undefined, 'a CloudEvent must be a JSON object'],
  ['an array', '[1]', undefined, 'a CloudEvent must be a JSON object'],
  ['no JSON', 'nope', undefined, 'the body is not JSON'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), undefined, 'the body is not JSON: it is not UTF-8'],
  ['an attribute that is an object', { ...attributes, id: {} }, 'id', 'the CloudEvents attribute id must be a text'],
  ['data twice', { ...attributes, data: 1, data_base64: 'AQ==' }, 'data_base64', 'data and data_base64 are both there; keep one'],
  ['bytes that are no base64', { ...attributes, data_base64: 'A-_=' }, 'data_base64', 'data_base64 must be a text in base64'],
  ['bytes that are a number', { ...attributes, data_base64: 5 }, 'data_base64', 'data_base64 must be a text in base64'],
  ['a missing type', { ...attributes, type: undefined }, 'type', 'the CloudEvents attribute type is missing'],
  ['an absurd time', { ...attributes, time: '3000-01-01T00:00:00Z' }, 'time', 'time must lie between 1970 and 2200'],
])('a structured event with %s is refused by what is wrong', (_what, body, field, message) => {
  expect(one({ 'content-type': structured }, body)).toMatchObject({
    kind: 'invalid',
    field,
    message: expect.stringContaining(message) as string,
  });
});

test('nesting without end is refused, quickly and by name, and brackets in texts do not count', () => {
  const deep = (levels: number): string =>
    JSON.stringify({ ...attributes }).replace(/\}$/, `,"data":${'['.repeat(levels)}${']'.repeat(levels)}}`);
  expect(one({ 'content-type': structured }, deep(250))).toMatchObject({ id: 'e1' });
  const beganMs = performance.now();
  expect(one({ 'content-type': structured }, deep(500_000))).toMatchObject({
    kind: 'invalid',
    message: 'the body is nested more than 256 deep',
  });
  expect(performance.now() - beganMs).toBeLessThan(1000);
  expect(one({ 'content-type': structured }, { ...attributes, data: '[{'.repeat(10_000) + '\\"' })).toMatchObject({ id: 'e1' });
});
