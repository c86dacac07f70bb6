import fc from 'fast-check';
import { correlatorOf, readRules, sigmaView } from '../index.ts';
import type { Correlator } from './correlator.ts';

function correlator(
  section: string,
  limits?: { groups: number; events: number; lateness: number },
): (name: string, event: object, timeMs: number) => number[] {
  const bases = ['a', 'b', 'c'].map(
    (name) => `title: ${name}\nname: ${name}\nlogsource: {}\ndetection: {s: {x: 1}, condition: s}`,
  );
  const text = [...bases, `title: it\nname: it\ncorrelation: ${section}`].join('\n---\n');
  const { rules, correlations, refused } = readRules([{ source: 't', text }]);
  expect(refused).toEqual([]);
  const made: Correlator = correlatorOf(correlations, limits);
  return (name, event, timeMs) => {
    const rule = rules.find((each) => each.name === name);
    if (rule === undefined) throw new Error(`there is no rule ${name}`);
    return made.observe(rule, sigmaView(event), timeMs).map(({ count }) => count);
  };
}

test('five failures of one user within the timespan are found, wherever the window lies', () => {
  const observe = correlator('{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 5}}');
  const found = [0, 4, 8, 9, 10, 11, 21].map((second) => observe('a', { u: 'x' }, second * 1000));
  expect(found).toEqual([[], [], [], [], [5], [5], []]);
  expect(observe('a', { u: 'y' }, 11_000)).toEqual([]);
  expect(observe('a', {}, 11_000)).toEqual([]);
});

test('a range of counts is kept at both ends', () => {
  const observe = correlator('{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gt: 1, lte: 3}}');
  expect([1, 2, 3, 4].map((ms) => observe('a', { u: 'x' }, ms))).toEqual([[], [2], [3], []]);
});

test('distinct values are counted once', () => {
  const observe = correlator('{type: value_count, rules: [a], group-by: [ip], timespan: 1m, condition: {field: u, gte: 3}}');
  const found = ['x', 'y', 'x', 'z'].map((u, i) => observe('a', { ip: 1, u }, i));
  expect(found).toEqual([[], [], [], [3]]);
});

test('fields go by other names in the events of other rules', () => {
  const observe = correlator(
    '{type: temporal, rules: [a, b], group-by: [ip], timespan: 10s, aliases: {ip: {a: source.ip, b: destination.ip}}}',
  );
  expect(observe('a', { source: { ip: 1 } }, 0)).toEqual([]);
  expect(observe('b', { destination: { ip: 2 } }, 1)).toEqual([]);
  expect(observe('b', { destination: { ip: 1 } }, 10_000)).toEqual([2]);
});

test('an order is heeded, late events too', () => {
  const observe = correlator('{type: temporal_ordered, rules: [a, b, c], group-by: [u], timespan: 10s}');
  expect([['b', 1] as const, ['a', 2] as const, ['c', 3] as const].map(([name, ms]) => observe(name, { u: 1 }, ms))).toEqual([
    [],
    [],
    [],
  ]);
  expect(observe('b', { u: 1 }, 2.5)).toEqual([3]);
});

test('a correlation is an event for the one above it', () => {
  const inner =
    'title: many\nname: many\ncorrelation: {type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}';
  const observe = correlator(`{type: temporal_ordered, rules: [many, b], group-by: [u], timespan: 1m}\n---\n${inner}`);
  expect(observe('a', { u: 1 }, 0)).toEqual([]);
  expect(observe('a', { u: 1 }, 1)).toEqual([2]);
  expect(observe('b', { u: 1 }, 2)).toEqual([2]);
});

test('groups and events are bounded, and what is lost is counted', () => {
  const observe = correlator('{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}', {
    groups: 2,
    events: 3,
    lateness: 1,
  });
  for (const u of ['x', 'y', 'z']) expect(observe('a', { u }, 0)).toEqual([]);
  expect(observe('a', { u: 'x' }, 1)).toEqual([]);
  expect([2, 3, 4, 5].map((ms) => observe('a', { u: 'x' }, ms)[0])).toEqual([2, 3, 3, 3]);
  expect(observe('a', { u: 'x' }, -10_000)).toEqual([]);
});

const arrivals = fc.array(
  fc.record({ second: fc.integer({ min: 0, max: 25 }), rule: fc.integer({ min: 0, max: 2 }), v: fc.integer({ min: 0, max: 3 }) }),
  {
    maxLength: 30,
  },
);
/** Far enough that nothing is too late. */
const patient = { groups: 10, events: 1000, lateness: 100 };

test.each(['event_count', 'value_count', 'temporal'])(
  'C1 C2: windows of %s are those of brute force, in whatever order events come',
  (type) => {
    const field = type === 'value_count' ? 'field: v, ' : '';
    fc.assert(
      fc.property(arrivals, (events) => {
        const observe = correlator(`{type: ${type}, rules: [a, b, c], timespan: 7s, condition: {${field}gte: 3}}`, patient);
        events.forEach(({ second, rule, v }, i) => {
          const here = events.slice(0, i + 1);
          const good = here.some(({ second: end }) => {
            if (second > end || second < end - 7) return false;
            const window = here.filter((each) => each.second <= end && each.second >= end - 7);
            const count = { event_count: window.length, value_count: new Set(window.map((each) => each.v)).size }[type];
            return (count ?? new Set(window.map((each) => each.rule)).size) >= 3;
          });
          expect(observe('abc'[rule] ?? '', { v }, second * 1000).length > 0).toBe(good);
        });
      }),
      { numRuns: 60 },
    );
  },
);

test('C2: orders are those of brute force, in whatever order events come', () => {
  fc.assert(
    fc.property(arrivals, (events) => {
      const observe = correlator('{type: temporal_ordered, rules: [a, b, c], timespan: 7s}', patient);
      events.forEach((event, i) => {
        const here = events.slice(0, i + 1);
        const of = (rule: number): typeof here =>
          here.filter((each) => each.rule === rule && (rule !== event.rule || each === event));
        const good = of(0).some((a) =>
          of(1).some((b) => of(2).some((c) => a.second <= b.second && b.second <= c.second && c.second - a.second <= 7)),
        );
        expect(observe('abc'[event.rule] ?? '', {}, event.second * 1000).length > 0).toBe(good);
      });
    }),
    { numRuns: 60 },
  );
});
