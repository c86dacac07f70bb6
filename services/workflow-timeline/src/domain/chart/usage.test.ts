import fc from 'fast-check';
import { arbitraryAttempts, t0 } from '../../../test/arbitrary-attempts.ts';
import type { Attempt } from '../attempt.ts';
import { timelineRows } from '../timeline.ts';
import { chartOf } from './chart.ts';
import { columnsOf } from './columns.ts';
import { detailOf } from './level-of-detail.ts';

const second = 1_000_000_000n;
const whole = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, asOf: 9000, whole: true };
const everything = { px: 0, maxRows: 1000, maxBars: 1000 };
const oneRow = { px: 1, maxRows: 1, maxBars: 1000 };

interface Told {
  readonly id: string;
  readonly path?: readonly string[];
  readonly attempt?: number;
  readonly tokens?: number;
  readonly cpuSeconds?: number;
  readonly memoryBytes?: number;
  readonly costUsd?: number;
}

const step = ({ id, path = [], attempt = 1, tokens = 0, cpuSeconds = 0, memoryBytes = 0, costUsd = 0 }: Told): Attempt => ({
  step: {
    stepKey: Buffer.from([...path, id].join('/'))
      .toString('hex')
      .padEnd(32, '0'),
    stepId: id,
    path,
    iteration: 0,
  },
  attempt,
  status: 'completed',
  span: undefined,
  name: 'n',
  kind: 'k',
  readyNs: undefined,
  queuedNs: undefined,
  startNs: t0,
  endNs: t0 + second,
  waits: [],
  dependsOn: [],
  resource: undefined,
  usage: { cpuSeconds, memoryBytes: String(memoryBytes), tokens: String(tokens), costUsd },
  error: undefined,
});

function usageIn(attempts: readonly Attempt[], limits = everything) {
  const chart = chartOf(timelineRows(attempts), [], [t0]);
  const { usage } = columnsOf(chart, detailOf(chart, whole, limits));
  return Object.fromEntries(Object.entries(usage).map(([name, column]) => [name, [...column]]));
}

test('CPU is told in µs, memory in KiB rounded up, cost in 10⁻⁹ USD; bars that used nothing are left out', () => {
  const told = [
    step({ id: 'a' }),
    step({ id: 'b', cpuSeconds: 1.25, memoryBytes: 1025, tokens: 7, costUsd: 0.000_000_15 }),
    step({ id: 'c', tokens: 1 }),
  ];
  expect(usageIn(told)).toEqual({ bar: [1, 1], cpu: [1_250_000, 0], memory: [2, 0], tokens: [7, 1], cost: [150, 0] });
});

test('amounts that are none, negative or beyond exact numbers do no harm', () => {
  const odd = [step({ id: 'a', cpuSeconds: NaN, costUsd: -1 }), step({ id: 'b', tokens: 2 ** 60, cpuSeconds: Infinity })];
  const most = Number.MAX_SAFE_INTEGER;
  expect(usageIn(odd)).toEqual({ bar: [1], cpu: [most], memory: [0], tokens: [most], cost: [0] });
});

test('a run has the sums of its bars and the memory of the greatest', () => {
  const told = [
    step({ id: 'a1', tokens: 3, memoryBytes: 4096 }),
    step({ id: 'a2', tokens: 4, memoryBytes: 2048, cpuSeconds: 1 }),
  ];
  expect(usageIn(told, oneRow)).toEqual({ bar: [0], cpu: [1_000_000], memory: [4], tokens: [7], cost: [0] });
});

test('U1: what an agent tells of the calls inside it as well counts once in a run', () => {
  const told = [
    step({ id: 'agent', tokens: 100 }),
    step({ id: 'call-1', path: ['agent'], tokens: 30 }),
    step({ id: 'call-2', path: ['agent'], tokens: 50 }),
  ];
  expect(usageIn(told, oneRow)['tokens']).toEqual([100]);
  expect(usageIn(told)['tokens']).toEqual([100, 30, 50]);
});

test('U2: an agent that tells less than the calls inside it tells of itself only', () => {
  const told = [step({ id: 'agent', tokens: 10 }), step({ id: 'call', path: ['agent'], tokens: 30 })];
  expect(usageIn(told, oneRow)['tokens']).toEqual([40]);
});

test('however much is folded, the greatest memory is that of the bars, and nothing is there where nothing was told', () => {
  fc.assert(
    fc.property(arbitraryAttempts, fc.integer({ min: 1, max: 50 }), (attempts, px) => {
      const limits = { px, maxRows: 5, maxBars: 20 };
      const greatest = (memory: readonly number[] = []): number => Math.max(0, ...memory);
      expect(greatest(usageIn(attempts, limits)['memory'])).toBe(greatest(usageIn(attempts)['memory']));
      const silent = attempts.map((attempt) => ({ ...attempt, usage: undefined }));
      expect(usageIn(silent, limits)['bar']).toEqual([]);
    }),
  );
});
