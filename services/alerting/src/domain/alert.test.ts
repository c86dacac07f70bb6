import fc from 'fast-check';
import { acceptAlerts, type Alert, type AlertRules, isResolved, mergeAlert, type PostedAlert } from './alert.ts';
import { formatInstant } from './instant.ts';
import { defaultLabelLimits } from './label-set.ts';

const nowMs = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const rules: AlertRules = { resolveTimeoutMs: 5 * minute, names: 'utf8', limits: defaultLabelLimits };
const at = (ms: number) => formatInstant(nowMs + ms);
const accept = (posted: Partial<PostedAlert>) => acceptAlerts([{ labels: { a: '1' }, ...posted }], rules, nowMs);

test.each([
  [{ alertname: 'Down', z: '1', b: 'x', job: 'größe 😀' }, '1dc677f6ae35dc3e'],
  [{ alertname: 'Quoted', q: 'a"b\\c', n: 'l\nm', empty: '' }, 'a0d659e405c21a56'],
  [{ alertname: 'Name', 日本: 'x', 'a b': '1' }, 'b4e2363a94030af1'],
])('Alertmanager 0.28.1 and we know %j by the same fingerprint', (labels, fingerprint) => {
  expect(accept({ labels }).alerts[0]?.fingerprint).toBe(fingerprint);
});

test.each([
  ['no times', {}, 0, 5 * minute, true],
  ['a start', { startsAt: at(-minute) }, -minute, 5 * minute, true],
  ['an end', { endsAt: at(-minute) }, -minute, -minute, false],
  ['both', { startsAt: at(-minute), endsAt: at(minute) }, -minute, minute, false],
  ["amtool's year 1", { startsAt: '0001-01-01T00:00:00.000Z', endsAt: '0001-01-01T00:00:00.000Z' }, 0, 5 * minute, true],
])('A3 %s', (_, posted, startsAt, endsAt, timeout) => {
  expect(accept(posted).alerts).toMatchObject([{ startsAtMs: nowMs + startsAt, endsAtMs: nowMs + endsAt, timeout }]);
});

test.each([
  [{ labels: {} }, /at least one label pair/],
  [{ labels: { a: '' } }, /at least one label pair/],
  [{ startsAt: at(minute), endsAt: at(0) }, /start time must be before end time/],
  [{ startsAt: at(10 * minute) }, /start time must be before end time/],
  [{ startsAt: 'noon' }, /^startsAt must be RFC 3339.*got "noon"/],
  [{ endsAt: '2026-02-30T00:00:00Z' }, /^endsAt must be RFC 3339/],
  [{ annotations: { '': 'x' } }, /^annotation name "" is not valid/],
  [{ labels: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`l${i}`, 'x'])) }, /at most 128 labels \(got 129\)/],
  [{ labels: { a: 'x'.repeat(8193) } }, /at most 8192 are allowed/],
])('A2 A4 %j is invalid', (posted, reason) => {
  const { alerts, faults } = accept(posted);
  expect(alerts).toEqual([]);
  expect(faults[0]?.reasons.join()).toMatch(reason);
});

test('A1 invalid alerts beside valid ones: the valid are taken, each other is named', () => {
  const posted: PostedAlert[] = [{ labels: { a: '1' } }, { labels: {} }, { labels: { b: '2' } }];
  const { alerts, faults } = acceptAlerts(posted, rules, nowMs);
  expect([alerts.map(({ labels }) => labels), faults.map(({ index }) => index)]).toEqual([[{ a: '1' }, { b: '2' }], [1]]);
});

const arbitrary = fc
  .record({
    from: fc.integer({ min: -20, max: 20 }),
    length: fc.integer({ min: 0, max: 20 }),
    updated: fc.integer({ min: -5, max: 0 }),
    timeout: fc.boolean(),
    note: fc.string(),
  })
  .map(({ from, length, updated, timeout, note }): Alert => ({
    fingerprint: 'f',
    labels: { a: '1' },
    annotations: { note },
    startsAtMs: nowMs + from,
    endsAtMs: nowMs + from + length,
    updatedAtMs: nowMs + updated,
    timeout,
    generatorUrl: note,
  }));
const alert = (from: number, to: number, more: Partial<Alert> = {}): Alert => ({
  fingerprint: 'f',
  labels: { a: '1' },
  annotations: {},
  startsAtMs: nowMs + from,
  endsAtMs: nowMs + to,
  updatedAtMs: nowMs,
  timeout: false,
  generatorUrl: '',
  ...more,
});

test('M1 M4 what overlaps starts at the earlier start with the younger annotations; what does not stands alone', () => {
  fc.assert(
    fc.property(arbitrary, arbitrary, (known, next) => {
      const { alert: merged, occurrence } = mergeAlert(known, next, nowMs);
      if (occurrence === 'new') return expect(merged).toBe(next);
      const younger = next.updatedAtMs < known.updatedAtMs ? known : next;
      expect(merged.annotations).toBe(younger.annotations);
      expect(merged.startsAtMs).toBe(Math.min(known.startsAtMs, next.startsAtMs));
      expect([known.endsAtMs, next.endsAtMs]).toContain(merged.endsAtMs);
      expect(merged.startsAtMs).toBeLessThanOrEqual(merged.endsAtMs);
    }),
  );
});

test('M2 of two resolved ends the later holds', () => {
  fc.assert(
    fc.property(arbitrary, arbitrary, (known, next) => {
      fc.pre(isResolved(known, nowMs) && isResolved(next, nowMs) && mergeAlert(known, next, nowMs).occurrence === 'same');
      expect(mergeAlert(known, next, nowMs).alert.endsAtMs).toBe(Math.max(known.endsAtMs, next.endsAtMs));
    }),
  );
});

test.each([
  ['a resend without times goes on', alert(-60, 240, { timeout: true }), alert(0, 300, { timeout: true }), -60, 300, 'same'],
  ['a given end beats a shorter timeout', alert(-60, 900), alert(0, 300, { timeout: true }), -60, 900, 'same'],
  ['M3 a timeout does not beat a shorter given end', alert(-60, 900, { timeout: true }), alert(-60, 300), -60, 300, 'same'],
  ['an explicit end resolves what fires', alert(-60, 300), alert(0, 0), -60, 0, 'same'],
  ['an end before the known end resolves', alert(-60, 300), alert(-10, -10), -60, -10, 'same'],
  ['another interval', alert(-60, -30), alert(0, 300), 0, 300, 'new'],
  ['one that begins when the other ended', alert(-60, 0), alert(0, 300), 0, 300, 'new'],
] as const)('%s', (_, known, next, from, to, occurrence) => {
  const merged = mergeAlert(known, next, nowMs);
  expect([merged.alert.startsAtMs - nowMs, merged.alert.endsAtMs - nowMs, merged.occurrence]).toEqual([from, to, occurrence]);
});
