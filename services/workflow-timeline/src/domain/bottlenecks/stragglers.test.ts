import fc from 'fast-check';
import { type Given, ns, rowsOf, second, spanTo } from '../../../test/given-attempts.ts';
import { findBottlenecks } from './bottlenecks.ts';
import { criticalPath } from '../critical-path/critical-path.ts';
import { findStragglers } from './stragglers.ts';
import { stepTimes } from '../step-times.ts';

const found = (given: readonly Given[], to: number) => {
  const rows = rowsOf(given);
  return findBottlenecks(rows, criticalPath(rows, spanTo(to)), spanTo(to), 50);
};
const told = (given: readonly Given[], to: number): string[] =>
  found(given, to).stragglers.map(
    ({ row, by, siblings, medianNs, excessNs, z, running, dragNs }) =>
      `${row.step.stepId} by ${by} of ${siblings}: ${Number(excessNs) / 1e9} over ${Number(medianNs) / 1e9}, z ${z.toFixed(1)}, ` +
      `drag ${dragNs === undefined ? '?' : Number(dragNs) / 1e9}${running ? ', running' : ''}`,
  );
/** Pages read side by side, `took` seconds each. */
const pages = (took: readonly number[]): Given[] =>
  took.map((end, i) => ({ id: `page-${i}`, name: 'read page', kind: 'tool', start: 0, end }));
const usual = [10, 11, 9, 10, 12, 10, 11];

test('a step far beyond its siblings stands out, with what it costs', () => {
  expect(told(pages([...usual, 60]), 60)).toEqual(['page-7 by name of 8: 49.5 over 10.5, z 24.7, drag 48']);
});

test('a straggler with others as slow beside it has no impact', () => {
  const beside: Given = { id: 'other', kind: 'llm', start: 0, end: 61 };
  expect(told([...pages([...usual, 60]), beside], 61)).toEqual(['page-7 by name of 8: 49.5 over 10.5, z 24.7, drag 0']);
});

test('seven siblings are too few, less than half as much again is not far, and less than a second is nothing', () => {
  expect(told(pages([10, 10, 10, 10, 10, 10, 60]), 60)).toEqual([]);
  expect(told(pages([10, 10, 10, 10, 10, 10, 10, 14]), 14)).toEqual([]);
  expect(told(pages([0.1, 0.1, 0.11, 0.1, 0.09, 0.1, 0.1, 1]), 1)).toEqual([]);
});

test('an excess below one per cent of the makespan is not named', () => {
  const others: Given = { id: 'long', kind: 'train', start: 0, end: 6_000 };
  expect(told([...pages([...usual, 60]), others], 6_000)).toEqual([]);
});

test('where most take the same time, the mean deviation is the measure', () => {
  expect(told(pages([10, 10, 10, 10, 10, 10, 10, 60]), 60)).toEqual(['page-7 by name of 8: 50 over 10, z 6.4, drag 50']);
});

test('steps without namesakes are compared with those of their kind at their level', () => {
  const unlike = pages([...usual, 60]).map((one) => ({ ...one, name: one.id }));
  expect(told(unlike, 60)).toEqual(['page-7 by kind of 8: 49.5 over 10.5, z 24.7, drag 48']);
  expect(
    told(
      unlike.map((one) => ({ ...one, kind: '' })),
      60,
    ),
  ).toEqual([]);
});

test('a running step counts as soon as it is beyond, and is no measure for others', () => {
  const running = (start: number): Given => ({ id: 'page-8', name: 'read page', kind: 'tool', start });
  expect(told([...pages([...usual, 10]), running(0)], 90)).toEqual(['page-8 by name of 8: 80 over 10, z 31.1, drag 78, running']);
  expect(told([...pages([...usual, 10]), running(78)], 90)).toEqual([]);
});

test('a branch that straggles is measured with all that is inside it', () => {
  const branches = [...usual, 60].flatMap((end, i): Given[] => [
    { id: `b${i}`, name: 'branch', start: 0, end },
    { id: 'work', path: [`b${i}`], start: 0, end },
  ]);
  expect(told(branches, 60)).toEqual([
    'b7 by name of 8: 49.5 over 10.5, z 24.7, drag 48',
    'work by name of 8: 49.5 over 10.5, z 24.7, drag 48',
  ]);
});

test('stragglers are named where no bottleneck is, without their drag', () => {
  const late = pages([...usual, 60]).map((one) => ({ ...one, start: 940, end: 940 + (one.end ?? 0) }));
  expect(found(late, 1_000).refusal).not.toBe('');
  expect(told(late, 1_000)).toEqual(['page-7 by name of 8: 49.5 over 10.5, z 24.7, drag ?']);
});

test('G3 the order of the steps does not matter, and a straggler is beyond each of the three bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 8, maxLength: 30 }), (took) => {
      const stragglers = (given: readonly Given[]) => {
        const rows = rowsOf(given);
        const times = rows.map((row) => stepTimes(row, spanTo(200)));
        return findStragglers(rows, times, ns(200)).map(({ row, ...rest }) => ({ ...rest, place: 0, id: row.step.stepId }));
      };
      const given = pages(took);
      const some = stragglers(given);
      expect(stragglers(given.toReversed())).toEqual(some);
      for (const { z, excessNs, durationNs, medianNs } of some) {
        expect(z > 3.5 && excessNs > 2n * second && 2n * durationNs > 3n * medianNs).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
