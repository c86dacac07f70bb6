import { createHash } from 'node:crypto';
import { create, fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { StepEventSchema } from '@tmws/contracts';
import { keepStep } from './keep.ts';
import { prefix } from './prefix.ts';

const limit = 64 * 1024;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function kept(data: JsonObject) {
  const step = fromJson(StepEventSchema, { executionId: 'run', stepId: 's', ...data });
  keepStep(step);
  return step;
}

test('an inline value of 64 KiB stays as it is', () => {
  const value = 'x'.repeat(limit);
  const { input } = kept({ input: { inline: value } });
  expect(input).toMatchObject({ truncated: false, bytes: 0n, sha256: '' });
  expect(toJson(ValueSchema, input!.inline!)).toBe(value);
});

test.each([
  ['a text', 'x'.repeat(limit + 1), 'x'.repeat(limit + 1)],
  ['a text of wide characters', '🦊'.repeat(20_000), '🦊'.repeat(20_000)],
  [
    'an object, as its JSON',
    { list: Array.from({ length: 20_000 }, (_, i) => i) },
    JSON.stringify({ list: Array.from({ length: 20_000 }, (_, i) => i) }),
  ],
])('a larger value becomes its beginning, with its length and its hash: %s', (_what, inline, text) => {
  const { output } = kept({ output: { inline } });
  expect(output).toMatchObject({ truncated: true, bytes: BigInt(Buffer.byteLength(text)), sha256: sha256(text) });
  const beginning = toJson(ValueSchema, output!.inline!) as string;
  expect(text.startsWith(beginning)).toBe(true);
  expect(Buffer.byteLength(beginning)).toBeGreaterThan(limit - 4);
  expect(Buffer.byteLength(beginning)).toBeLessThanOrEqual(limit);
});

test('the hash and length are of what is kept: a secret does not show in them', () => {
  const { input } = kept({ input: { inline: { password: 'hunter2', text: 'x'.repeat(limit) } } });
  const text = JSON.stringify({ password: '[redacted]', text: 'x'.repeat(limit) });
  expect(input).toMatchObject({ bytes: BigInt(text.length), sha256: sha256(text) });
});

test('long texts and attributes are shortened with a note, and fit a field with it', () => {
  const long = 'y'.repeat(limit + 5);
  const step = kept({ name: long, error: { message: long }, attributes: { long, short: 'z', list: [long] } });
  const note = `… [${long.length} bytes, sha256 ${sha256(long)}]`;
  for (const text of [step.name, step.error!.message, step.attributes!['long'] as string]) {
    expect(text.endsWith(note)).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
  }
  expect(step.attributes!['short']).toBe('z');
  expect(step.attributes!['list']).toMatch(/^\["yyy.*bytes, sha256 /);
});

test('credentials and what cannot be stored are replaced in every text', () => {
  const secret = 'Bearer abcdef1234567890\0';
  const texts = {
    name: secret,
    kind: secret,
    workflow: { name: secret, version: secret },
    error: { type: secret, message: secret, detail: secret },
  };
  const step = kept({
    ...texts,
    dependsOn: [{ stepId: 'a', kind: secret }],
    waits: [{ from: '2026-01-01T00:00:00Z', kind: secret, reason: secret }],
    resource: { pool: secret, worker: secret },
    reads: [{ key: secret, hash: secret }],
    writes: [{ key: secret, hash: secret }],
    input: { ref: secret, sha256: secret, inline: [secret] },
    output: { inline: { token: 'x', deep: [{ password: 'y' }] } },
    attributes: { api_key: 'z', note: secret, [secret]: 1 },
  });
  const text = JSON.stringify(toJson(StepEventSchema, step));
  expect(text).not.toMatch(/abcdef1234567890|\\u0000|"x"|"y"|"z"/);
  expect(text.match(/Bearer \[redacted\]\ufffd/g)).toHaveLength(21);
});

test('an attribute called __proto__ is one like others', () => {
  const step = create(StepEventSchema, { executionId: 'run', stepId: 's' });
  step.attributes = JSON.parse(`{"__proto__": ${JSON.stringify('p'.repeat(limit + 1))}}`) as JsonObject;
  keepStep(step);
  expect(Buffer.byteLength(JSON.stringify(step.attributes))).toBeLessThan(limit + 100);
  expect(JSON.stringify(step.attributes)).toContain('sha256');
});

test.each([
  ['abc', 5, 'abc'],
  ['abc', 2, 'ab'],
  ['aé', 2, 'a'],
  ['aé', 3, 'aé'],
  ['🦊🦊', 7, '🦊'],
  ['🦊', 3, ''],
  ['a\ufffdb', 4, 'a\ufffd'],
])('the beginning of %j in %d bytes is %j', (text, bytes, expected) => {
  expect(prefix(text, bytes)).toBe(expected);
});
