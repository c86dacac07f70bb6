import fc from 'fast-check';
import { acceptAlerts } from '../../domain/alert.ts';
import { defaultLabelLimits } from '../../domain/label-set.ts';
import { silenceFaults } from '../../domain/silence.ts';
import { alertmanagerStatus, gettableAlert, gettableSilence, wantedSilence } from './answers.ts';
import { jsonArray } from './json-array.ts';
import { alertQuery, postableAlerts, postableSilence } from './schemas.ts';

const nowMs = Date.UTC(2026, 10, 22, 13, 2, 37, 706);
const rules = { resolveTimeoutMs: 300_000, names: 'utf8', limits: defaultLabelLimits } as const;

test('an alert is answered as Alertmanager 0.28.1 answered the same one', () => {
  const posted = postableAlerts.parse([
    { labels: { alertname: 'Down', z: '1', b: 'x', job: 'größe 😀' }, annotations: { e: '', s: 'x' } },
  ]);
  const [alert] = acceptAlerts(posted, rules, nowMs).alerts;
  const status = { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] } as const;
  expect(gettableAlert(alert!, status, ['b'])).toEqual({
    annotations: { e: '', s: 'x' },
    endsAt: '2026-11-22T13:07:37.706Z',
    fingerprint: '1dc677f6ae35dc3e',
    receivers: [{ name: 'b' }],
    startsAt: '2026-11-22T13:02:37.706Z',
    status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
    updatedAt: '2026-11-22T13:02:37.706Z',
    labels: { alertname: 'Down', b: 'x', job: 'größe 😀', z: '1' },
  });
});

test('a label named __proto__ comes in and goes out', () => {
  const posted = postableAlerts.parse(JSON.parse('[{"labels":{"__proto__":"x","a":"1"}}]'));
  const [alert] = acceptAlerts(posted, rules, nowMs).alerts;
  expect(JSON.stringify(alert?.labels)).toBe('{"__proto__":"x","a":"1"}');
});

test.each([[{}], [[{ labels: { a: 1 } }]], [[{}]], [[{ labels: {}, startsAt: 5 }]], ['x'], [null]])(
  '%j is no list of alerts',
  (body) => {
    expect(postableAlerts.safeParse(body).success).toBe(false);
  },
);

const silence = {
  matchers: [{ name: 'a', value: '1', isRegex: false }],
  startsAt: '0001-01-01T00:00:00.000Z',
  endsAt: '2026-11-22T14:00:00.000Z',
  createdBy: 'ann',
  comment: 'c',
};

test('a silence without isEqual and without a start is one of equality, from now on', () => {
  const wanted = wantedSilence(postableSilence.parse(silence), nowMs);
  if ('faults' in wanted) throw new Error(wanted.faults.join());
  expect(silenceFaults(wanted, 'utf8', nowMs)).toEqual([]);
  expect(gettableSilence({ ...wanted, id: 'i', updatedAtMs: nowMs }, nowMs)).toEqual({
    ...silence,
    id: 'i',
    matchers: [{ name: 'a', value: '1', isRegex: false, isEqual: true }],
    startsAt: '2026-11-22T13:02:37.706Z',
    status: { state: 'active' },
    updatedAt: '2026-11-22T13:02:37.706Z',
  });
});

test('times of a silence that are none are named', () => {
  expect(wantedSilence(postableSilence.parse({ ...silence, startsAt: 'noon', endsAt: '' }), nowMs)).toEqual({
    faults: ['startsAt must be RFC 3339, like "2026-01-31T12:00:00Z" (got "noon")', 'endsAt must be given'],
  });
});

test('a query without anything asks for all; one filter and several are lists', () => {
  expect(alertQuery.parse({})).toMatchObject({ active: true, silenced: true, inhibited: true, filter: [], receiver: '' });
  expect(alertQuery.parse({ silenced: 'false', filter: 'a=b' })).toMatchObject({ silenced: false, filter: ['a=b'] });
  expect(alertQuery.parse({ filter: ['a=b', 'c=d'] }).filter).toEqual(['a=b', 'c=d']);
  expect(alertQuery.safeParse({ active: 'yes' }).success).toBe(false);
});

test('the status has all that amtool reads', () => {
  const status = alertmanagerStatus('route: {}\n', '0.1.0', nowMs);
  expect(Object.values(status.versionInfo).every((each) => typeof each === 'string')).toBe(true);
  expect(status).toMatchObject({ cluster: { status: 'disabled', peers: [] }, uptime: '2026-11-22T13:02:37.706Z' });
});

test('J1 J2 an array in pieces is the whole array, made as it is taken', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 50 }), (items, length) => {
      expect([...jsonArray(items, (item) => item, length)].join('')).toBe(JSON.stringify(items));
    }),
  );
  let asked = 0;
  const pieces = jsonArray(Array.from({ length: 1000 }), () => ++asked, 10);
  pieces.next();
  expect(asked).toBeLessThan(20);
});
