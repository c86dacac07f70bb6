import { Problem } from '@tmws/problems';
import { deadLetter, readDeadLetter } from './dead-letter.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-binding.ts';

const atMs = Date.parse('2026-03-01T12:00:00Z');
const problem = new Problem('invalid', 'data.stepId is missing', { field: 'data.stepId' });
const record = (more: Partial<IncomingRecord> = {}): IncomingRecord => ({
  topic: 'tmws.workflow',
  partition: 3,
  offset: 17n,
  timestampMs: 5,
  key: Buffer.from('run-1'),
  value: Buffer.from('{"a":1}'),
  headers: { ce_id: 'e1' },
  ...more,
});

/** The letter as it comes back from the log. */
const readBack = ({ topic, key, headers, value }: OutgoingRecord) =>
  readDeadLetter({ topic, partition: 0, offset: 99n, timestampMs: atMs + 1000, key, headers, value });

test('a refused record is found again with its place, its reason and its content', () => {
  const letter = deadLetter(record(), problem, atMs);
  expect(letter.topic).toBe('tmws.workflow.dlq');
  expect(letter.value).toEqual(Buffer.from('{"a":1}'));
  expect(readBack(letter)).toEqual({
    id: 'tmws.workflow/3/17',
    topic: 'tmws.workflow',
    reason: 'data.stepId is missing',
    kind: 'invalid',
    refusedAt: '2026-03-01T12:00:00.000Z',
    key: 'run-1',
    headers: { ce_id: 'e1' },
    text: '{"a":1}',
    sizeBytes: 7,
  });
});

test('a record of nothing has a letter too', () => {
  const letter = readBack(deadLetter(record({ key: undefined, value: undefined, headers: {} }), problem, atMs));
  expect(letter).toMatchObject({ key: undefined, headers: {}, text: '', sizeBytes: 0 });
});

test('bytes that are no text are kept as they are and shown as none', () => {
  const value = Buffer.from([0, 1, 0xff, 0xfe]);
  const letter = deadLetter(record({ value, key: Buffer.from([0xff]) }), problem, atMs);
  expect(letter.value).toEqual(value);
  expect(readBack(letter)).toMatchObject({ key: undefined, text: undefined, sizeBytes: 4 });
});

test('credentials are in no part of a letter, neither in text nor in bytes', () => {
  const secret = 'Bearer abcdef1234567890';
  const letters = [
    deadLetter(
      record({
        key: Buffer.from(secret),
        value: Buffer.from(`{"note":"${secret}","token":"t0p"}`),
        headers: { authorization: secret, note: secret },
      }),
      new Problem('invalid', `got ${secret}`),
      atMs,
    ),
    deadLetter(record({ value: Buffer.concat([Buffer.from([0, 0xff]), Buffer.from(secret), Buffer.from([0])]) }), problem, atMs),
  ];
  for (const letter of letters) {
    const everything = [letter.key, letter.value, JSON.stringify(letter.headers)].join(' ');
    expect(everything).not.toMatch(/abcdef1234567890|t0p/);
    expect(everything).toContain('[redacted]');
  }
  expect(letters[1]?.value?.subarray(-1)).toEqual(Buffer.from([0]));
});

test('a letter is taken by the broker, however large the record, its key, its headers and its reason were', () => {
  const wide = '€'.repeat(400_000);
  const headers = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`h${i}`, 'v'.repeat(3000)]));
  const letter = deadLetter(
    record({ key: Buffer.from(wide), value: Buffer.from(wide), headers }),
    new Problem('invalid', wide),
    atMs,
  );
  const headerBytes = Object.entries(letter.headers).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text) + 6,
    0,
  );
  expect(letter.key!.length + letter.value!.length + headerBytes + 90).toBeLessThan(1024 * 1024);
  expect(letter.headers['tmws-dlq-truncated']).toBe('true');
  const back = readBack(letter);
  expect(back.sizeBytes).toBe(1_200_000);
  expect(wide.startsWith(back.text!) && back.text!.length > 300_000).toBe(true);
  expect(Object.keys(back.headers).length).toBeGreaterThan(0);
  expect(back.id).toBe('tmws.workflow/3/17');
});

test('a record somebody else put onto the DLQ topic is shown as far as it goes', () => {
  expect(readDeadLetter(record({ topic: 'tmws.workflow.dlq', headers: {} }))).toEqual({
    id: 'tmws.workflow.dlq/3/17',
    topic: 'tmws.workflow.dlq',
    reason: 'no reason was given',
    kind: 'internal',
    refusedAt: '1970-01-01T00:00:00.005Z',
    key: 'run-1',
    headers: {},
    text: '{"a":1}',
    sizeBytes: 7,
  });
});
