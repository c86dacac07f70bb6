import fc from 'fast-check';
import type { Alert } from './alert.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type InhibitRule, inhibitionIndex } from './inhibition.ts';
import { labelValue } from './label-set.ts';
import { matchesAll } from './matcher.ts';
import { parseMatchers } from './matcher-text.ts';
import { alertStatus, routeMutes } from './muting.ts';
import { routeOf } from './route-tree.ts';
import { compileMatchers, type Silence } from './silence.ts';
import { zoneOf } from './time-interval.ts';

const alert = (labels: Record<string, string>, endsAtMs = 100): Alert => ({
  fingerprint: fingerprintOf(labels),
  labels,
  annotations: {},
  startsAtMs: 0,
  endsAtMs,
  updatedAtMs: 0,
  timeout: false,
  generatorUrl: '',
});
const rule = (source: string, target: string, equal: string[] = [], name = 'rule'): InhibitRule => ({
  name,
  source: parseMatchers(source, 'utf8'),
  target: parseMatchers(target, 'utf8'),
  equal,
});
const critical = rule('severity="critical"', 'severity="warning"', ['cluster']);
const filled = (rules: InhibitRule[], alerts: Alert[]) => {
  const index = inhibitionIndex(rules);
  for (const each of alerts) index.set(each);
  return index;
};

const down = alert({ severity: 'critical', cluster: 'a' });
test.each([
  ['of its cluster', { severity: 'warning', cluster: 'a' }, 10, [down.fingerprint]],
  ['of another', { severity: 'warning', cluster: 'b' }, 10, []],
  ['of its cluster, once the other is resolved', { severity: 'warning', cluster: 'a' }, 100, []],
  ['that matches the source only', { severity: 'critical', cluster: 'a', x: 'y' }, 10, []],
])('a critical alert mutes a warning %s', (_, labels, now, inhibitedBy) => {
  const status = alertStatus(alert(labels), { silences: [], inhibition: filled([critical], [down]) }, now);
  expect(status).toMatchObject({ inhibitedBy, state: inhibitedBy.length > 0 ? 'suppressed' : 'active' });
});

test('labels that both lack are equal', () => {
  const index = filled([rule('a="1"', 'b="1"', ['zone'])], [alert({ a: '1' })]);
  expect(index.inhibitions(alert({ b: '1' }), 0)).toHaveLength(1);
  expect(index.inhibitions(alert({ b: '1', zone: 'x' }), 0)).toEqual([]);
});

test('an alert that is taken out, or comes again resolved, mutes no more', () => {
  const index = filled([critical], [down]);
  index.set({ ...down, endsAtMs: 5 });
  expect(index.inhibitions(alert({ severity: 'warning', cluster: 'a' }), 10)).toEqual([]);
  index.set(down);
  index.delete(down.fingerprint);
  expect(index.inhibitions(alert({ severity: 'warning', cluster: 'a' }), 10)).toEqual([]);
});

const value = fc.constantFrom('', '1', '2');
const alerts = fc.array(
  fc.tuple(value, value, value, fc.integer({ min: 0, max: 20 })).map(([a, b, c, end]) => {
    const labels = Object.fromEntries(Object.entries({ id: 'x', a, b, c }).filter(([, each]) => each !== ''));
    return alert(labels, end);
  }),
  { maxLength: 12 },
);
const rules = fc.array(
  fc
    .tuple(
      fc.constantFrom('a="1"', 'b="1"', 'a=~".+"'),
      fc.constantFrom('b="1"', 'c=~".+"', 'a="1"'),
      fc.subarray(['a', 'b', 'c']),
    )
    .map(([s, t, e]) => rule(s, t, e)),
  { maxLength: 3 },
);

test('I1 I2 I3 I4 the index answers as looking at every alert does, and none mutes itself', () => {
  fc.assert(
    fc.property(rules, alerts, (given, all) => {
      const known = [...new Map(all.map((each) => [each.fingerprint, each])).values()];
      const index = filled(given, all);
      for (const target of known) {
        const expected = given.flatMap(({ name, source, target: side, equal }) => {
          if (!matchesAll(side, target.labels)) return [];
          const both = matchesAll(source, target.labels);
          const muting = known.filter(
            (each) =>
              each.endsAtMs > 10 &&
              matchesAll(source, each.labels) &&
              equal.every((label) => labelValue(each.labels, label) === labelValue(target.labels, label)) &&
              !(both && matchesAll(side, each.labels)),
          );
          const [fingerprint] = muting.map((each) => each.fingerprint).sort();
          return fingerprint === undefined ? [] : [{ rule: name, fingerprint }];
        });
        expect(index.inhibitions(target, 10)).toEqual(expected);
        expect(expected.map(({ fingerprint }) => fingerprint)).not.toContain(target.fingerprint);
      }
    }),
  );
});

test('U1 U2 only active silences that match count, and all of them are named in order', () => {
  const silence = (id: string, startsAtMs: number, endsAtMs: number, name = 'a') => {
    const made: Silence = {
      id,
      matchers: [{ name, value: '1', isRegex: false, isEqual: true }],
      startsAtMs,
      endsAtMs,
      updatedAtMs: 0,
      createdBy: '',
      comment: '',
    };
    return { silence: made, matchers: compileMatchers(made.matchers) };
  };
  const by = {
    silences: [silence('z', 0, 20), silence('b', 0, 20), silence('c', 11, 20), silence('d', 0, 10), silence('e', 0, 20, 'x')],
    inhibition: inhibitionIndex([]),
  };
  expect(alertStatus(alert({ a: '1' }), by, 10)).toMatchObject({ state: 'suppressed', silencedBy: ['b', 'z'] });
  expect(alertStatus(alert({ a: '2' }), by, 10)).toMatchObject({ state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] });
});

test('U3 U4 a route is muted in its mute intervals and outside of its active ones', () => {
  const zone = zoneOf('UTC')!;
  const hours = (name: string, from: number, to: number) =>
    [name, { name, periods: [{ zone, times: [{ from: from * 60, to: to * 60 }] }] }] as const;
  const intervals = new Map([hours('night', 22, 24), hours('work', 9, 17)]);
  const at = (hour: number) => Date.UTC(2026, 10, 22, hour);
  const route = (mute: string[], active: string[]) =>
    routeOf({ matchers: [], continues: false, routes: [], muteTimeIntervals: mute, activeTimeIntervals: active });
  expect(routeMutes(route(['night'], []), intervals, at(23))).toEqual(['night']);
  expect(routeMutes(route(['night'], []), intervals, at(12))).toEqual([]);
  expect(routeMutes(route([], ['work']), intervals, at(12))).toEqual([]);
  expect(routeMutes(route([], ['work', 'night']), intervals, at(20))).toEqual(['work', 'night']);
});
