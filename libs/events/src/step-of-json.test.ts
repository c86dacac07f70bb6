import { equals, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { type StepEvent, StepEventSchema } from '@tmws/contracts';
import fc from 'fast-check';
import { stepOfJson } from './step-of-json.ts';

const usual = {
  executionId: 'run-42',
  workflow: { name: 'research-agent', version: '7' },
  parentExecutionId: 'run-41',
  stepId: 'search-web',
  name: 'search web',
  kind: 'tool',
  path: ['plan', 'fan-out[3]'],
  iteration: 2,
  attempt: 1,
  dependsOn: [{ stepId: 'plan', kind: 'data' }, {}],
  readyAt: '2026-03-01T12:00:00Z',
  queuedAt: '2026-03-01T12:00:00.250Z',
  startedAt: '2026-02-30T12:00:01Z',
  finishedAt: '2026-03-01T24:00:00Z',
  resource: { pool: 'browser', worker: 'w-3', cores: 1.5 },
  usage: { cpuSeconds: 1.2, memoryBytes: '73400320', tokens: '0001834', costUsd: 0.004 },
  error: { type: 'Timeout', message: 'it took too long', detail: '' },
  attributes: { model: 'm', n: 1, cached: true },
  spanId: '00f067aa0ba902b7',
  parentSpanId: '',
  spanKind: 'client',
};

/** What protobuf's own reader makes of it; undefined = refused. */
function generic(json: unknown): StepEvent | undefined {
  try {
    return fromJson(StepEventSchema, json as JsonValue, { ignoreUnknownFields: true });
  } catch {
    return undefined;
  }
}

/** As the rest of the way sees it: the message, and what is written of it. */
function expectSame(json: unknown): void {
  const short = stepOfJson(json);
  if (short === undefined) return;
  const long = generic(json);
  expect(long !== undefined && equals(StepEventSchema, short, long)).toBe(true);
  expect(toJson(StepEventSchema, short)).toEqual(toJson(StepEventSchema, long as StepEvent));
}

test('an event as engines send it goes the short way and says the same', () => {
  expect(stepOfJson(usual)).toEqual(generic(usual));
  expect(stepOfJson({ executionId: 'a', stepId: 'b' })).toEqual(generic({ executionId: 'a', stepId: 'b' }));
});

test.each([
  ['a field that is not known', { ...usual, more: 1 }],
  ['a name as in the proto', { execution_id: 'a' }],
  ['null', { ...usual, name: null }],
  ['a payload', { ...usual, input: { inline: 1 } }],
  ['nested attributes', { ...usual, attributes: { a: {} } }],
  ['a name of Object.prototype', JSON.parse('{"__proto__": {"executionId": "x"}, "toString": 1}') as unknown],
  ['another zone', { ...usual, startedAt: '2026-03-01T12:00:00+02:00' }],
  ['nanoseconds', { ...usual, startedAt: '2026-03-01T12:00:00.123456789Z' }],
  ['a number as text', { ...usual, attempt: '2' }],
  ['a number with an exponent', { ...usual, usage: { tokens: '1e3' } }],
  ['no object', [usual]],
])('%s goes the long way', (_what, json) => {
  expect(stepOfJson(json)).toBeUndefined();
});

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    '7',
    '-1',
    '1.0',
    '99999999999999999999',
    -0,
    1.5,
    -1,
    4294967295,
    4294967296,
    1e300,
    '\ud800',
    '1969-12-31T23:59:59Z',
    '2026-13-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    [],
    {},
    ['a', ''],
    [{ stepId: 'x' }],
    { name: 'n' },
    { pool: 'p', cores: -0 },
    { tokens: '-5', memoryBytes: 12 },
  ),
);
const places: readonly (readonly string[])[] = Object.entries(usual).flatMap(([name, inner]) =>
  typeof inner === 'object' && !Array.isArray(inner) ? [[name], ...Object.keys(inner).map((key) => [name, key])] : [[name]],
);

test('whatever is put in place of any part of an event, the short way says what the long one says, or leaves it to it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), value), { minLength: 1, maxLength: 3 }), (changes) => {
      const json = structuredClone(usual) as Record<string, unknown>;
      for (const [[name = '', key], instead] of changes) {
        const inner = json[name];
        if (key === undefined || typeof inner !== 'object' || inner === null) json[name] = instead;
        else (inner as Record<string, unknown>)[key] = instead;
      }
      expectSame(json);
    }),
    { numRuns: 2000 },
  );
});
