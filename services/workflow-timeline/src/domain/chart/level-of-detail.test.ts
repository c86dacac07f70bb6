import fc from 'fast-check';
import { arbitraryAttempts, t0 } from '../../../test/arbitrary-attempts.ts';
import { type Chart, chartOf } from './chart.ts';
import { drawnFrom } from './bar-times.ts';
import { barEnds, type ChartWindow, insideOf } from './chart-window.ts';
import { criticalPath } from '../critical-path/critical-path.ts';
import { detailOf } from './level-of-detail.ts';
import { timelineRows } from '../timeline.ts';

const asked = fc.record({
  attempts: arbitraryAttempts,
  px: fc.integer({ min: 1, max: 300 }),
  maxRows: fc.integer({ min: 1, max: 40 }),
  maxBars: fc.integer({ min: 1, max: 60 }),
  from: fc.option(fc.nat(2000), { nil: undefined }),
  length: fc.integer({ min: 1, max: 2000 }),
});

interface Looked {
  readonly chart: Chart;
  readonly window: ChartWindow;
  readonly detail: ReturnType<typeof detailOf>;
  readonly inside: ReturnType<typeof insideOf>;
}

const looked = asked.map(({ attempts, px, maxRows, maxBars, from, length }): Looked & { maxRows: number } => {
  const rows = timelineRows(attempts);
  const chart = chartOf(rows, criticalPath(rows, { startNs: t0, endNs: t0 + 9_000_000_000_000n }), [t0]);
  const window: ChartWindow = {
    from: from ?? Number.NEGATIVE_INFINITY,
    to: from === undefined ? Number.POSITIVE_INFINITY : from + length,
    asOf: 9000,
    whole: from === undefined,
  };
  return { chart, window, detail: detailOf(chart, window, { px, maxRows, maxBars }), inside: insideOf(chart, window), maxRows };
});

const bad = ({ statuses }: Chart, status: number | undefined): boolean =>
  ['failed', 'timed_out'].includes(statuses[status ?? 0]!);

test('F1 F2 F3: no more rows than asked for, each step in exactly one, in order, parents before what is under them', () => {
  fc.assert(
    fc.property(looked, ({ chart, detail: { plan }, inside, maxRows }) => {
      expect(plan.first.length).toBeLessThanOrEqual(maxRows);
      expect([...plan.first]).toEqual([...plan.first].toSorted((a, b) => a - b));
      const steps = new Int32Array(plan.first.length);
      for (let row = 0; row < chart.rowCount; row++) {
        const drawn = plan.drawnAs[row]!;
        expect(drawn >= 0).toBe(inside.rows[row] === 1);
        if (drawn >= 0) steps[drawn] = steps[drawn]! + 1;
      }
      plan.steps.forEach((count, drawn) => expect(steps[drawn]).toBe(count === 0 ? 1 : count));
      plan.first.forEach((row, drawn) => {
        const parent = chart.rows.parent[row]!;
        if (parent < 0) return;
        const above = plan.drawnAs[parent]!;
        expect(plan.steps[above]).toBe(0);
        expect(above).toBeLessThan(drawn);
        const nearest = [...plan.first.subarray(0, drawn)].findLastIndex(
          (other) => chart.rows.depth[other] === chart.rows.depth[row]! - 1,
        );
        expect(above).toBe(nearest);
      });
    }),
  );
});

test('L2: no failed or critical step is lost; its row and its bar are marked', () => {
  fc.assert(
    fc.property(looked, ({ chart, detail, inside }) => {
      const counted = { failed: 0, critical: 0 };
      for (let row = 0; row < chart.rowCount; row++) {
        if (inside.rows[row] === 0) continue;
        const drawn = detail.plan.drawnAs[row]!;
        if (bad(chart, chart.rows.status[row])) {
          counted.failed++;
          expect(bad(chart, detail.status[drawn])).toBe(true);
        }
      }
      expect(detail.failed.reduce((a, b) => a + b, 0)).toBe(counted.failed);
      for (let bar = 0; bar < chart.barCount; bar++) {
        if (inside.bars[bar] === 0 || (!bad(chart, chart.bars.status[bar]) && chart.bars.critical[bar] === 0)) continue;
        const row = detail.plan.drawnAs[chart.bars.row[bar]!]!;
        const from = drawnFrom(chart.bars, bar);
        const marked = [...detail.bars.bar].some(
          (of, i) =>
            detail.bars.row[i] === row &&
            chart.bars.status[of] === chart.bars.status[bar] &&
            chart.bars.critical[of] === chart.bars.critical[bar] &&
            (Number.isNaN(from) || (detail.bars.from[i]! <= from && detail.bars.to[i]! >= from)),
        );
        expect(marked).toBe(true);
      }
    }),
  );
});

/** The length of the union of spans. */
function union(spans: readonly (readonly [number, number])[]): number {
  let reached = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}

test('R3 R4: runs cover their bars, nothing a pixel away from them, and tell the covered time exactly', () => {
  fc.assert(
    fc.property(looked, ({ chart, window, detail, inside }) => {
      const ends = barEnds(chart, window.asOf);
      expect(detail.bars.count.reduce((a, b) => a + b, 0)).toBe(inside.bars.reduce((a, b) => a + b, 0));
      const group = (row: number, bar: number): string => `${row} ${chart.bars.status[bar]} ${chart.bars.critical[bar]}`;
      const members = Map.groupBy(
        [...inside.bars.keys()].filter((bar) => inside.bars[bar] === 1 && !Number.isNaN(drawnFrom(chart.bars, bar))),
        (bar) => group(detail.plan.drawnAs[chart.bars.row[bar]!]!, bar),
      );
      const runs = Map.groupBy(
        [...detail.bars.bar.keys()].filter((i) => !Number.isNaN(detail.bars.from[i])),
        (i) => group(detail.bars.row[i]!, detail.bars.bar[i]!),
      );
      expect(new Set(runs.keys())).toEqual(new Set(members.keys()));
      for (const [name, bars] of members) {
        const spans = bars.map((bar) => [drawnFrom(chart.bars, bar), ends[bar]!] as const);
        const drawn = runs.get(name)!;
        const shown = union(drawn.map((i) => [detail.bars.from[i]!, detail.bars.to[i]!]));
        const covered = union(spans);
        expect(shown).toBeGreaterThanOrEqual(covered);
        // Each gap that was closed is less than a pixel.
        expect(shown - covered).toBeLessThanOrEqual(detail.pixel * (bars.length - drawn.length) + 1e-6);
        for (const i of drawn) {
          const [from, to] = [detail.bars.from[i]!, detail.bars.to[i]!];
          const own = spans.filter(([begin, end]) => begin >= from && end <= to);
          if (detail.bars.count[i]! > 1 && drawn.length === 1) expect(detail.bars.covered[i]).toBeCloseTo(union(own), 6);
        }
      }
    }),
  );
});

test('L3: without px nothing is folded or merged', () => {
  fc.assert(
    fc.property(arbitraryAttempts, (attempts) => {
      const rows = timelineRows(attempts);
      const chart = chartOf(rows, [], [t0]);
      const whole = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, asOf: 9000, whole: true };
      const detail = detailOf(chart, whole, { px: 0, maxRows: 1, maxBars: 1 });
      expect([detail.folded, detail.merged, detail.bars.bar.length, detail.plan.first.length]).toEqual([
        0,
        0,
        chart.barCount,
        rows.length,
      ]);
    }),
  );
});
