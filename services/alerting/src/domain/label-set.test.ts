import fc from 'fast-check';
import { fingerprintOf } from './fingerprint.ts';
import {
  commonLabels,
  defaultLabelLimits,
  formatLabels,
  labelFaults,
  labelValue,
  pickLabels,
  withoutEmpty,
} from './label-set.ts';

const labels = fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 }));

/** FNV-1a as its draft writes it, with big integers. */
function slowFnv(set: Record<string, string>): string {
  const names = Object.keys(set).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const bytes = names.flatMap((name) => [...Buffer.from(name), 0xff, ...Buffer.from(set[name] ?? ''), 0xff]);
  const hash = bytes.reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n);
  return hash.toString(16).padStart(16, '0');
}

test('F1 F2 a fingerprint is FNV-1a over the sorted labels, in whatever order they came', () => {
  fc.assert(
    fc.property(labels, (set) => {
      expect(fingerprintOf(set)).toBe(slowFnv(set));
      expect(fingerprintOf(Object.fromEntries(Object.entries(set).toReversed()))).toBe(fingerprintOf(set));
    }),
  );
});

test('labels named like parts of every object are labels like others', () => {
  const set = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
  expect(labelValue(set, '__proto__')).toBe('a');
  expect(labelValue({}, 'constructor')).toBe('');
  expect(labelValue({}, '__proto__')).toBe('');
  expect(formatLabels(pickLabels(set, ['__proto__', 'toString']))).toBe('{__proto__="a"}');
  expect(withoutEmpty(JSON.parse('{"__proto__":"a","b":""}') as Record<string, string>)).toEqual(JSON.parse('{"__proto__":"a"}'));
});

test('a label set is written as Go writes it', () => {
  expect(formatLabels({ job: 'a "b"', alertname: 'Down' })).toBe('{alertname="Down", job="a \\"b\\""}');
  expect(formatLabels({})).toBe('{}');
});

test('common labels are what all sets agree on', () => {
  expect(commonLabels([])).toEqual({});
  expect(commonLabels([{ a: '1', b: '2' }, { a: '1', b: '3' }, { a: '1' }])).toEqual({ a: '1' });
});

const limits = { ...defaultLabelLimits, labels: 2, nameLength: 5, valueLength: 4 };
test.each([
  [{ a: '1', b: '2' }, []],
  [{ a: '1', b: '2', c: '3' }, ['an alert has at most 2 labels (got 3); send fewer']],
  [{ toolong: '1' }, ['label name "toolong…" has 7 characters; at most 5 are allowed']],
  [{ a: '12345' }, ['label "a" has 5 characters; at most 4 are allowed: cut it, or link to it']],
  [{ 'a-b': '1' }, ['label name "a-b" is not valid; allowed is [a-zA-Z_][a-zA-Z0-9_]*']],
  [{ '': '1' }, ['label name "" is not valid; allowed is [a-zA-Z_][a-zA-Z0-9_]*']],
  [{ a: '\ud800' }, ['label "a" is not valid UTF-8']],
])('labels %j: %j', (set, faults) => {
  expect(labelFaults(set, 'label', 'classic', limits)).toEqual(faults);
});

test('any text is a name where UTF-8 is allowed, except none and broken ones', () => {
  expect(labelFaults({ größe: '1', ' ': '2' }, 'label', 'utf8', limits)).toEqual([]);
  expect(labelFaults({ '': '1' }, 'label', 'utf8', limits)).toEqual([
    'label name "" is not valid; allowed is any non-empty UTF-8 text',
  ]);
});
