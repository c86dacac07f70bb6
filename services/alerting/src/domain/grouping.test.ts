import fc from 'fast-check';
import { firstFlush, groupKey, groupLabels, nextFlush } from './grouping.ts';
import { parseMatchers } from './matcher-text.ts';
import { routeOf } from './route-tree.ts';

const minute = 60_000;
const critical = parseMatchers('severity="critical"', 'utf8');
const route = (groupBy?: readonly string[] | 'all') =>
  routeOf({ groupBy, matchers: [], continues: false, muteTimeIntervals: [], activeTimeIntervals: [], routes: [] });

test('a group is known by the labels the alert has of group_by', () => {
  const labels = { alertname: 'Down', job: 'api' };
  expect(groupLabels(route(['job', 'zone']), labels)).toEqual({ job: 'api' });
  expect(groupLabels(route('all'), labels)).toEqual(labels);
  expect(groupLabels(route(), labels)).toEqual({});
  expect(groupKey(route(), { job: 'api', alertname: 'Down' })).toBe('{}:{alertname="Down", job="api"}');
});

test('G1 G2 G3 the first flush', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), fc.nat(60), fc.boolean(), (start, wait, isCritical) => {
      const labels = { severity: isCritical ? 'critical' : 'warning' };
      const flush = firstFlush({ labels, startsAtMs: start }, wait, critical, 0);
      expect(flush.atMs).toBe(isCritical || start + wait < 0 ? 0 : wait);
    }),
  );
  expect(firstFlush({ labels: {}, startsAtMs: 0 }, minute, [], 0)).toEqual({ atMs: minute, reason: 'group wait' });
});

test('G4 G5 later flushes keep the beat', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 500 }), fc.nat(20_000), (due, interval, now) => {
      const next = nextFlush(due, interval, now);
      expect(next).toBeGreaterThan(now);
      expect(next).toBeLessThanOrEqual(now + interval);
      if (now >= due) expect((next - due) % interval).toBe(0);
    }),
  );
});
