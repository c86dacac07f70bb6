import fc from 'fast-check';
import { fromRecord, type IncomingRecord, toRecord } from './kafka-binding.ts';

const binary = { ce_specversion: '1.0', ce_id: 'e1', ce_source: '/engine', ce_type: 'tmws.step.started' };
const record = (headers: Record<string, string>, value: string | null = '{}', timestampMs = 5): IncomingRecord => ({
  topic: 't',
  partition: 0,
  offset: 3n,
  timestampMs,
  key: undefined,
  value: value === null ? undefined : Buffer.from(value),
  headers,
});

test('a binary event has its attributes in ce_ headers', () => {
  const headers = {
    ...binary,
    ce_subject: 'run',
    ce_tmwsnamespace: 'team-a',
    'content-type': 'application/json',
    'x-other': '1',
  };
  expect(fromRecord(record(headers, '{"a":1}'))).toMatchObject({
    id: 'e1',
    source: '/engine',
    subject: 'run',
    namespace: 'team-a',
    timeNs: 5_000_000n,
    dataContentType: 'application/json',
    data: Buffer.from('{"a":1}'),
  });
});

test('a structured event lies in the value, and its headers do not count', () => {
  const event = { specversion: '1.0', id: 'inside', source: '/s', type: 't', data: [1] };
  const headers = { ...binary, 'content-type': 'application/CloudEvents+json; charset=UTF-8' };
  expect(fromRecord(record(headers, JSON.stringify(event)))).toMatchObject({ id: 'inside', data: Buffer.from('[1]') });
});

test.each([
  ['no headers', record({}), 'specversion', 'the CloudEvents attribute specversion is missing; it must be "1.0"'],
  ['nothing at all', record({}, null), 'specversion', 'the CloudEvents attribute specversion is missing; it must be "1.0"'],
  [
    'a structured event that is no JSON',
    record({ 'content-type': 'application/cloudevents+json' }, '{'),
    undefined,
    'the record is not JSON',
  ],
  [
    'a structured event that is empty',
    record({ 'content-type': 'application/cloudevents+json' }, ''),
    undefined,
    'the record is not JSON',
  ],
  ['a timestamp in microseconds', record(binary, '{}', 1_772_366_400_000_000), 'time', 'must lie between 1970 and 2200'],
])('a record with %s is refused by what is wrong', (_what, wrong, field, message) => {
  expect(() => fromRecord(wrong)).toThrow(
    expect.objectContaining({ kind: 'invalid', field, message: expect.stringContaining(message) as string }) as Error,
  );
});

test('a record from before 1970 took place at its beginning', () => {
  expect(fromRecord(record(binary, '{}', -1)).timeNs).toBe(0n);
});

test('whatever event goes onto the log comes back the same', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((some) => !some.includes('\0') && some.isWellFormed());
  const event = fc.record({
    id: text,
    source: text,
    type: text,
    subject: fc.option(text, { nil: undefined }),
    timeNs: fc.bigInt({ min: 0n, max: 7_258_118_399_999_999_999n }),
    dataContentType: fc.constantFrom('application/json', 'application/protobuf'),
    namespace: fc.constantFrom(undefined, 'default', 'team-a'),
    traceparent: fc.constantFrom(undefined, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
    data: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(event, (given) => {
      const { key, headers, value } = toRecord('t', given);
      expect(key?.toString()).toBe(given.subject);
      expect(fromRecord({ ...record({}), key, headers, value })).toEqual(given);
    }),
  );
});
