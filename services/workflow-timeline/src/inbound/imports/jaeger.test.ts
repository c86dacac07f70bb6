import fc from 'fast-check';
import { Problem } from '@tmws/problems';
import { readImport } from './read-import.ts';
import { mutated } from '@tmws/testkit';
import { bytesOf, problemOf, readOne } from './testing/read.ts';

type Json = Record<string, unknown>;

const traceID = '4A1B2C3D4E5F60718293a4b5c6d7e8f9';
const tag = (key: string, value: unknown, type = 'string'): Json => ({ key, type, value });
const child = (spanID: string, refType = 'CHILD_OF', of = traceID): Json => ({ refType, traceID: of, spanID });
const span = (spanID: string, more: Json = {}): Json => ({
  traceID,
  spanID,
  operationName: `operation ${spanID}`,
  references: [child('1')],
  startTime: 1_770_000_000_001_000,
  duration: 2500,
  tags: [],
  logs: [],
  processID: 'p1',
  ...more,
});
const root = span('1', { references: [], duration: 9000 });
const trace = (spans: Json[], more: Json = {}): Json => ({
  traceID,
  spans,
  processes: { p1: { serviceName: 'agent', tags: [tag('hostname', 'node-7')] } },
  warnings: null,
  ...more,
});

test('a trace is an execution of its id, in lower case, that ended with its root', () => {
  const { id, execution, steps } = readOne({ data: [trace([root, span('2')])] });
  expect(id).toBe('4a1b2c3d4e5f60718293a4b5c6d7e8f9');
  expect(execution).toMatchObject({
    type: 'completed',
    name: 'operation 1',
    startNs: 1_770_000_000_001_000_000n,
    endNs: 1_770_000_000_010_000_000n,
    workflow: { name: 'operation 1' },
    origin: { format: 'jaeger', reconstructed: false, note: '' },
  });
  expect(steps.map(({ span: of, endNs }) => [of?.id, of?.parentId, endNs])).toEqual([
    ['0000000000000001', '', 1_770_000_000_010_000_000n],
    ['0000000000000002', '0000000000000001', 1_770_000_000_003_500_000n],
  ]);
  expect(steps[0]?.resource).toEqual({ pool: 'agent', worker: 'node-7', cores: 0 });
});

test.each([
  ['an object with data', (one: Json) => ({ data: [one], total: 0 })],
  ['a trace alone', (one: Json) => one],
  ['a list of traces', (one: Json) => [one]],
])('%s is read', (_, shape) => {
  expect(readOne(shape(trace([root]))).steps).toHaveLength(1);
});

test('ids of 64 bits and ids without their leading zeros are read', () => {
  const short = { traceID: 'ABC', references: [] };
  const { id, steps } = readOne({ traceID: 'ABC', processes: {}, spans: [span('F', { ...short, processID: '' })] });
  expect([id, steps[0]?.step.stepKey]).toEqual(['abc', '000000000000000f']);
});

test('what follows from a span lies beside it and comes after it', () => {
  const { steps } = readOne(trace([root, span('2'), span('3', { references: [child('2', 'FOLLOWS_FROM')] })]));
  const third = steps.find(({ span: of }) => of?.id.endsWith('3'));
  expect(third?.span?.parentId).toBe('0000000000000001');
  expect(third?.dependsOn).toEqual([{ spanId: '0000000000000002', stepId: '', kind: 'link' }]);
});

test('a reference into another trace is kept and makes no parent', () => {
  const { steps, execution } = readOne(trace([span('1', { references: [child('9', 'FOLLOWS_FROM', 'FF')] })]));
  expect(execution.type).toBe('completed');
  expect(steps[0]?.data?.attributes).toEqual({
    'otel.links': [{ traceId: 'ff'.padStart(32, '0'), spanId: '9'.padStart(16, '0') }],
  });
});

test('typed tags, logs and warnings are kept; an error and what is said of it make the step failed', () => {
  const { steps } = readOne(
    trace([
      root,
      span('2', {
        tags: [
          tag('span.kind', 'client'),
          tag('retries', '3', 'int64'),
          tag('ratio', 0.5, 'float64'),
          tag('cached', true, 'bool'),
          tag('blob', 'AAE=', 'binary'),
          tag('error', true, 'bool'),
        ],
        logs: [
          { timestamp: 1_770_000_000_002_000, fields: [tag('event', 'retry'), tag('wait', 5, 'int64')] },
          {
            timestamp: 1_770_000_000_003_000,
            fields: [tag('event', 'error'), tag('error.kind', 'Timeout'), tag('message', 'no answer'), tag('stack', 'at x')],
          },
        ],
        warnings: ['clock skew'],
      }),
    ]),
  );
  expect(steps[1]).toMatchObject({
    type: 'failed',
    kind: 'client',
    error: { type: 'Timeout', message: 'no answer', detail: 'at x' },
    data: {
      attributes: {
        retries: 3,
        ratio: 0.5,
        cached: true,
        blob: 'AAE=',
        'jaeger.warnings': ['clock skew'],
        'otel.events': [{ name: 'retry', time: '2026-02-02T02:40:00.002Z', attributes: { wait: 5 } }, { name: 'exception' }],
      },
    },
  });
});

test('a span written twice is one; both halves of a call under one id are kept', () => {
  const server = span('2', { tags: [tag('span.kind', 'server')], startTime: 1_770_000_000_001_500, duration: 1000 });
  const { steps, execution } = readOne(trace([root, span('2'), span('2'), server]));
  expect(steps).toHaveLength(3);
  expect(steps[2]?.span).toMatchObject({ kind: 'server', parentId: '0000000000000002' });
  expect(execution.origin?.note).toBe('1 spans stand in it twice and are shown once.');
});

test('a trace without the span around it stays open', () => {
  const { executions } = readImport(bytesOf(trace([span('2')])), 'ab'.repeat(32));
  expect(executions[0]?.facts.map(({ about }) => about)).toEqual(['step']);
});

test.each<[string, unknown, string]>([
  [
    'a span id that is none',
    trace([span('xyz')]),
    'invalid: $.spans[0].spanID must be 1 to 16 hex digits that are not all zero (got "xyz")',
  ],
  ['zeros', trace([span('0')]), 'invalid: $.spans[0].spanID must be 1 to 16 hex digits that are not all zero (got "0")'],
  [
    'no start',
    trace([span('2', { startTime: 'now' })]),
    'invalid: $.spans[0].startTime must be a number of microseconds before the year 2200 (got "now")',
  ],
  [
    'a process nobody described',
    trace([span('2', { processID: 'p9' })]),
    'invalid: $.spans[0].processID must be one of the trace\'s processes (got "p9")',
  ],
  [
    'a reference that is none',
    { data: [trace([span('2', { references: [7] })])] },
    'invalid: $.data[0].spans[0].references[0] must be an object (got 7)',
  ],
])('%s is refused with its place', (_, file, sentence) => {
  expect(problemOf(() => readOne(file))).toBe(sentence);
});

test('a Jaeger file with anything wrong in it is read, or refused with a reason: 2,500 of them', () => {
  const file = {
    data: [trace([root, span('2', { tags: [tag('a', 1, 'int64')], logs: [{ timestamp: 1, fields: [tag('event', 'e')] }] })])],
  };
  const came = { read: 0, refused: 0 };
  fc.assert(
    fc.property(mutated(file), (bytes) => {
      try {
        readImport(bytes, 'ab'.repeat(32));
        came.read++;
      } catch (error) {
        if (!(error instanceof Problem) || error.kind === 'internal') throw error;
        came.refused++;
      }
    }),
    { numRuns: 2500 },
  );
  expect(Math.min(came.read, came.refused)).toBeGreaterThan(100);
});
