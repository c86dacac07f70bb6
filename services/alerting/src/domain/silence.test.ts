import fc from 'fast-check';
import { compileMatchers, expireSilence, putSilence, type Silence, silenceFaults, silences, silenceState } from './silence.ts';

const matcher = (name: string, value: string, isRegex = false, isEqual = true) => ({ name, value, isRegex, isEqual });
const silence = (startsAtMs: number, endsAtMs: number, more: Partial<Silence> = {}): Silence => ({
  id: 'old',
  matchers: [matcher('a', '1')],
  startsAtMs,
  endsAtMs,
  updatedAtMs: 0,
  createdBy: 'ann',
  comment: 'c',
  ...more,
});
const second = 1000;
const now = 100 * second;

test.each([
  [now + 1, now + 2, 'pending'],
  [now, now + 2, 'active'],
  [now - 5, now + 1, 'active'],
  [now - 5, now, 'expired'],
  [now + 5, now + 5, 'expired'],
])('from %d to %d it is %s', (from, to, state) => {
  expect(silenceState(silence(from, to), now)).toBe(state);
});

test('an alert is silenced if it matches all matchers, and by no matcher at all never', () => {
  const compiled = compileMatchers([matcher('a', '1|2', true), matcher('b', '', false, false)]);
  expect([silences(compiled, { a: '2', b: 'x' }), silences(compiled, { a: '2' }), silences([], {})]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  [{ matchers: [] }, 'a silence needs at least one matcher'],
  [{ matchers: [matcher('a', '.*', true)] }, 'at least one matcher must not match the empty text'],
  [{ matchers: [matcher('a', ''), matcher('b', '.*', true)] }, 'at least one matcher must not match the empty text'],
  [{ matchers: [matcher('a', '(', true)] }, 'missing closing )'],
  [{ matchers: [matcher('', 'x')] }, 'matcher name "" is not a label name'],
  [{ startsAtMs: now + 9, endsAtMs: now + 9 }, 'start time must be before end time'],
  [{ startsAtMs: now - 9, endsAtMs: now - 1 }, "end time can't be in the past"],
])('%j is refused: %s', (wrong, reason) => {
  expect(silenceFaults(silence(now, now + 9, wrong), 'utf8', now).join()).toContain(reason);
});

test.each([
  ['S1 active, a later end', silence(now - second, now + second), { endsAtMs: now + 9 * second }, 'updated'],
  ['S1 active, another comment', silence(now - second, now + second), { comment: 'other' }, 'updated'],
  ['S2 active, another start', silence(now - second, now + second), { startsAtMs: now + 1 }, 'replaced'],
  ['S2 active, other matchers', silence(now - second, now + second), { matchers: [matcher('a', '2')] }, 'replaced'],
  ['S1 pending, a later start', silence(now + second, now + 2 * second), { startsAtMs: now + 1500 }, 'updated'],
  ['S2 pending, a start in the past', silence(now + second, now + 2 * second), { startsAtMs: now - 1 }, 'replaced'],
  ['S3 expired', silence(now - 2 * second, now - second), { endsAtMs: now + second }, 'created'],
])('%s: %s', (_, known, edit, kind) => {
  const change = putSilence(known, { ...known, ...edit }, 'new', now);
  expect(change.kind).toBe(kind);
  if (change.kind !== 'unknown') expect(change.silence.id).toBe(kind === 'updated' ? 'old' : 'new');
});

test('an id nobody knows is said to be unknown', () => {
  expect(putSilence(undefined, silence(now, now + 1), 'new', now)).toEqual({ kind: 'unknown', id: 'old' });
  expect(putSilence(undefined, { ...silence(now - 50, now + 1), id: '' }, 'new', now)).toMatchObject({
    kind: 'created',
    silence: { id: 'new', startsAtMs: now },
  });
});

test('S1 S4 no edit changes what an id muted in the past', () => {
  const time = fc.integer({ min: now - 5 * second, max: now + 5 * second });
  fc.assert(
    fc.property(time, time, time, time, (from, to, newFrom, newTo) => {
      fc.pre(from < to && newFrom < newTo && newTo > now);
      const known = silence(from, to);
      const change = putSilence(known, { ...known, startsAtMs: newFrom, endsAtMs: newTo }, 'new', now);
      const written =
        change.kind === 'unknown' ? [] : change.kind === 'replaced' ? [change.expired, change.silence] : [change.silence];
      for (let at = now - 5 * second; at < now; at += 250) {
        const was = silenceState(known, at) === 'active';
        const after = [...written.filter(({ id }) => id === 'old'), ...(change.kind === 'created' ? [known] : [])];
        // A start may move within its second: what clients send back has no ms.
        if (Math.abs(at - from) >= second) expect(after.some((each) => silenceState(each, at) === 'active')).toBe(was);
        expect(written.some((each) => each.id === 'new' && silenceState(each, at) === 'active')).toBe(false);
      }
    }),
  );
});

test('expiring ends it now, and again is nothing', () => {
  const ended = expireSilence(silence(now - 5, now + 5), now)!;
  expect(silenceState(ended, now)).toBe('expired');
  expect(expireSilence(ended, now)).toBeUndefined();
  expect(silenceState(expireSilence(silence(now + 5, now + 9), now)!, now + 6)).toBe('expired');
});

test('a silence of a negation alone is taken, as Alertmanager takes it', () => {
  expect(silenceFaults(silence(now, now + 9, { matchers: [matcher('a', '1', false, false)] }), 'utf8', now)).toEqual([]);
});
