import { readImport } from '../read-import.ts';
import { bytesOf, problemOf } from '../testing/read.ts';

const event = (id: string, type: string, data: Record<string, unknown>) => ({
  specversion: '1.0',
  id,
  source: '/engine',
  type,
  time: `2026-03-01T12:00:0${id}Z`,
  data: { executionId: 'run-7', ...data },
});
const events = [
  event('1', 'tmws.execution.started', { workflow: { name: 'order' } }),
  event('2', 'tmws.step.started', { stepId: 'fetch' }),
  event('3', 'tmws.step.started', { executionId: 'run-8', stepId: 'fetch' }),
  event('4', 'tmws.step.completed', { stepId: 'fetch' }),
];
const lines = (list: readonly unknown[]): Buffer => bytesOf(list.map((item) => JSON.stringify(item)).join('\n'));
const read = (bytes: Uint8Array) => readImport(bytes, 'ab'.repeat(32));

test('events, one a line, are the facts they would have been had they been sent, by execution', () => {
  const { format, executions } = read(lines(events));
  expect(format).toBe('cloudevents');
  expect(executions.map(({ id, facts }) => [id, facts.length])).toEqual([
    ['run-7', 3],
    ['run-8', 1],
  ]);
  expect(executions[0]?.facts[1]).toMatchObject({
    about: 'step',
    type: 'started',
    stamp: { id: '2', source: '/engine', timeNs: BigInt(Date.UTC(2026, 2, 1, 12, 0, 2)) * 1_000_000n },
    step: { stepId: 'fetch' },
  });
  expect(executions[0]?.facts[0]).toMatchObject({ about: 'execution', origin: { format: 'cloudevents', reconstructed: false } });
});

test('a list of events, and one event over several lines, are read too', () => {
  expect(read(bytesOf(events)).executions).toEqual(read(lines(events)).executions);
  expect(read(bytesOf(JSON.stringify(events[1], undefined, 2))).executions).toMatchObject([
    { id: 'run-7', facts: [{ type: 'started' }] },
  ]);
});

test('one event of many facts is read as all of them', () => {
  const step = (stepId: string) => ({ type: 'tmws.step.completed', time: '2026-03-01T12:00:00Z', step: { stepId } });
  const { executions } = read(lines([event('5', 'tmws.steps.reported', { facts: [step('a'), step('b')] })]));
  expect(executions[0]?.facts).toHaveLength(2);
});

test.each([
  ['{"specversion":', /^line 5 is not JSON: /],
  ['{"specversion":"1.0"}', /^line 5: time is missing/],
  ['[]', /^line 5: a CloudEvent must be a JSON object$/],
  [
    JSON.stringify({ ...events[1], type: 'tmws.step.exploded' }),
    /^line 5: the event type "tmws.step.exploded" is not known here/,
  ],
  [JSON.stringify({ ...events[1], data: { executionId: 'x' } }), /^line 5: data\.stepId is missing$/],
  [JSON.stringify({ ...events[1], time: undefined }), /^line 5: time is missing; a recorded event must say when it happened$/],
  [JSON.stringify({ ...events[1], time: 'noon' }), /^line 5: time must be an RFC 3339 time/],
])('a bad line %j refuses the file and is named by its number', (line, expected) => {
  const bytes = bytesOf(`${lines(events.slice(0, 2)).toString()}\n\n\n${line}\n${JSON.stringify(events[3])}\n`);
  expect(problemOf(() => read(bytes)).replace(/^(invalid|unsupported): /, '')).toMatch(expected);
});

test('a bad event of a list is named by its place', () => {
  expect(problemOf(() => read(bytesOf([events[0], { specversion: '2' }])))).toMatch(/^invalid: \$\[1\]: time is missing/);
});
