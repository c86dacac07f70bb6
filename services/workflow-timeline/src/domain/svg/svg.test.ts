import fc from 'fast-check';
import { arbitraryAttempts, t0 } from '../../../test/arbitrary-attempts.ts';
import { xmlFault } from '../../../test/xml-fault.ts';
import type { Attempt } from '../attempt.ts';
import { chartOf } from '../chart/chart.ts';
import { criticalPath } from '../critical-path/critical-path.ts';
import { detailOf } from '../chart/level-of-detail.ts';
import { svgOf, svgRows, type SvgTheme, svgThemes } from './svg.ts';
import { fitted, xmlText } from './svg-text.ts';
import { timelineRows } from '../timeline.ts';
import { ticksBetween } from './ticks.ts';

function draw(attempts: readonly Attempt[], name = 'run', given: { width?: number; theme?: SvgTheme } = {}): string {
  const { width = 1200, theme = 'light' } = given;
  const rows = timelineRows(attempts);
  const chart = chartOf(rows, criticalPath(rows, { startNs: t0, endNs: t0 + 5_000_000_000_000n }), [t0]);
  const window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, asOf: 5000, whole: true };
  const detail = detailOf(chart, window, { px: width, maxRows: svgRows, maxBars: 20_000 });
  const stepsByStatus = Object.fromEntries(
    [...Map.groupBy(rows, ({ status }) => status)].map(([status, some]) => [status, some.length]),
  );
  const record = { id: name, name, workflow: { name }, status: 'completed', stepsByStatus };
  return svgOf({ record, chart, window, detail }, { width, theme, began: '2026-03-01T12:00:00Z', note: () => 'folded' });
}

const one = (name: string, more: Partial<Attempt> = {}): Attempt => ({
  step: { stepKey: '0'.repeat(32), stepId: 's', path: [], iteration: 0 },
  attempt: 1,
  status: 'completed',
  span: undefined,
  name,
  kind: 'tool',
  readyNs: undefined,
  queuedNs: undefined,
  startNs: t0,
  endNs: t0 + 3_000_000_000n,
  waits: [],
  dependsOn: [],
  resource: undefined,
  usage: undefined,
  error: undefined,
  ...more,
});

const hostile = [
  `"><script>alert(1)</script>`,
  `]]>`,
  `<!--`,
  `&lt;&#x0;&`,
  `a\u0000b\u0007c\u007f\u0085`,
  `\u202Etxt.exe\u202C`,
  `\uD800 half`,
  `\uFFFE\uFFFF`,
  `👩‍👩‍👧‍👦 family 🇩🇪`,
  `line\nbreak\ttab\r`,
  `'onload='x`,
  `x`.repeat(10_000),
];

test.each(hostile.map((name) => [JSON.stringify(name).slice(0, 40), name]))(
  'a step called %s is drawn as well-formed XML',
  (_what, name) => {
    const svg = draw([one(name, { waits: [{ kind: name, fromNs: t0, toNs: t0 + 1_000_000_000n, reason: name }] })], name);
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).not.toMatch(/<script|\u202E|javascript:/);
    expect(svg.length).toBeLessThan(40_000);
  },
);

test('any execution is well-formed XML that loads nothing from elsewhere', () => {
  fc.assert(
    fc.property(
      arbitraryAttempts,
      fc.integer({ min: 320, max: 2000 }),
      fc.constantFrom(...svgThemes),
      (attempts, width, theme) => {
        const svg = draw(attempts, 'run', { width, theme });
        expect(xmlFault(svg)).toBeUndefined();
        expect(svg).not.toMatch(/NaN|Infinity|undefined|href|<style|<image|<foreignObject| on\w+=|url\((?!#)/);
      },
    ),
  );
});

test('a picture says in words what it shows, and each bar what it is', () => {
  const svg = draw([
    one('search the web', {
      status: 'failed',
      readyNs: t0,
      queuedNs: t0,
      startNs: t0 + 1_000_000_000n,
      waits: [{ kind: 'rate_limit', fromNs: t0 + 1_500_000_000n, toNs: t0 + 2_000_000_000n, reason: '429' }],
    }),
  ]);
  expect(svg).toContain('<title id="t">run</title><desc id="d">completed · 3 s from 2026-03-01T12:00:00Z · 1 step (1 failed)');
  expect(svg).toContain('<title>search the web · failed · 2 s from 1 s · waited 1 s to start · rate limit 500 ms (429)');
  expect(svg).toContain('url(#w-rate_limit)');
  expect(svg).toContain('url(#w-queue)');
});

test('more than 200 rows are folded, and the picture says so', () => {
  const many = Array.from({ length: 1000 }, (_, i) =>
    one('', { step: { stepKey: String(i).padStart(32, '0'), stepId: `load-${i}`, path: [], iteration: 0 } }),
  );
  const svg = draw(many);
  expect(svg).toContain('999 steps: load-#, …');
  expect(svg).toContain('outlined. folded.</desc>');
});

test('an execution that is its only instant has a picture', () => {
  expect(xmlFault(draw([one('now', { endNs: t0 })]))).toBeUndefined();
});

test('texts are cut where they would be too wide, and not within a letter', () => {
  expect(fitted('search the web', 200, 12)).toBe('search the web');
  expect(fitted('search the web for what it says', 80, 12)).toBe('search the…');
  expect(fitted('👩‍👩‍👧‍👦'.repeat(40), 60, 12)).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
  expect(xmlText('a < "b" & \u202Ec')).toBe('a &lt; &quot;b&quot; &amp; \uFFFDc');
});

test('the axis is marked at round lengths of time', () => {
  expect(ticksBetween(0, 10e9, 8)).toEqual([0, 2e9, 4e9, 6e9, 8e9, 10e9]);
  expect(ticksBetween(5, 5, 8)).toEqual([5]);
});
