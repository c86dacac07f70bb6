import { formatPart, segmentsByStep, sharesOf } from './critical-path.ts';
import { readExecution } from './execution.ts';
import { outcomeOf, whereTimeWent } from './summary.ts';

const execution = (status: string, stepsByStatus: Record<string, number>, makespanNs?: string) =>
  readExecution(
    { id: 'a', status, stepsByStatus, stepCount: Object.values(stepsByStatus).reduce((a, b) => a + b, 0), makespanNs },
    0,
  );

test.each([
  [
    execution('failed', { completed: 14, failed: 1 }, '252000000000'),
    'Failed after 4 m 12 s, with 14 of 15 steps done, 1 failed.',
  ],
  [execution('completed', { completed: 3 }, '1500000000'), 'Completed in 1.5 s, with all 3 steps done.'],
  [execution('running', { completed: 1, running: 1 }, '1000000000'), 'Running for 3 s, with 1 of 2 steps done.'],
  [
    execution('failed', { completed: 6, failed: 2, skipped: 6 }, '10200000000'),
    'Failed after 10.2 s, with 6 of 14 steps done, 2 failed, 6 skipped.',
  ],
  [execution('planned', { planned: 4 }), 'Planned, not begun, with 0 of 4 steps done.'],
  [execution('running', {}, '0'), 'Running for 2 s; no step is known yet.'],
])('an execution is told in a sentence', (given, sentence) => {
  expect(outcomeOf(given, 2_100)).toBe(sentence);
});

test('the time is told by its kinds, largest wait first', () => {
  const path = { makespanNs: 100, segments: [], nsByKind: { queue: 16, run: 62, rate_limit: 22, timer: 0 } };
  expect(whereTimeWent(path)).toBe('62 % of it was work, 22 % rate limit, 16 % queue.');
  expect(sharesOf(path).map(({ kind }) => kind)).toEqual(['run', 'rate_limit', 'queue']);
});

test('an execution that never waited is told so, one of which nothing is known is not', () => {
  expect(whereTimeWent({ makespanNs: 5, segments: [], nsByKind: { run: 5 } })).toBe('All of it was work.');
  expect(whereTimeWent({ makespanNs: 0, segments: [], nsByKind: {} })).toBe('');
});

test('a small part is not shown as none', () => {
  expect(formatPart(0.001)).toBe('<1 %');
  expect(formatPart(0)).toBe('0 %');
});

test('kinds that took next to nothing are left to the legend', () => {
  expect(whereTimeWent({ makespanNs: 1_000, segments: [], nsByKind: { run: 990, queue: 10 } })).toBe('99 % of it was work.');
});

test('segments on no row do not belong to any', () => {
  const segment = (stepKey: string) => ({ stepKey, stepId: '', attempt: 1, kind: 'run', fromNs: 0, toNs: 1, reason: '' });
  expect([...segmentsByStep([segment('a'), segment(''), segment('a')])].map(([key, list]) => [key, list.length])).toEqual([
    ['a', 2],
  ]);
});
