import { draftOf, endOf, endsSoon, lackOf, localInstant, newDraft, readSilence, silenceBody, silenceWords } from './silence.ts';

const nowMs = new Date(2026, 0, 31, 22, 30).getTime();
const hourMs = 3_600e3;
const right = { ...newDraft([{ name: 'a', operator: '=', value: 'b' }]), comment: 'why' };

test('tomorrow morning is at nine of the next day, also over the end of a month', () => {
  expect(localInstant(endOf({ lasts: 'morning', ends: '' }, nowMs) ?? 0)).toBe('2026-02-01T09:00');
  expect(endOf({ lasts: '4h', ends: '' }, nowMs)).toBe(nowMs + 4 * hourMs);
  expect(endOf({ lasts: 'exact', ends: '' }, nowMs)).toBeUndefined();
});

test('a silence lacks what would make it mute everything, nothing or nobody knows why', () => {
  expect(lackOf(newDraft(), nowMs)?.at).toBe('matchers');
  expect(lackOf({ ...right, matchers: [...right.matchers, { name: '', operator: '=', value: 'x' }] }, nowMs)?.words).toContain(
    '"x"',
  );
  expect(lackOf({ ...right, lasts: 'exact', ends: '' }, nowMs)?.at).toBe('ends');
  expect(lackOf({ ...right, lasts: 'exact', ends: localInstant(nowMs - hourMs) }, nowMs)?.at).toBe('ends');
  expect(lackOf({ ...right, comment: '  ' }, nowMs)?.at).toBe('comment');
  expect(lackOf(right, nowMs)).toBeUndefined();
});

test('it is sent with its end as an instant, and its beginning only where it begins later', () => {
  expect(silenceBody(right, nowMs)).toEqual({
    matchers: [{ name: 'a', operator: '=', value: 'b' }],
    endsAt: new Date(nowMs + hourMs).toISOString(),
    comment: 'why',
  });
  const starts = localInstant(nowMs + hourMs);
  expect(silenceBody({ ...right, starts }, nowMs)).toMatchObject({
    startsAt: new Date(nowMs + hourMs).toISOString(),
    endsAt: new Date(nowMs + 2 * hourMs).toISOString(),
  });
});

test('what is left as it is of one in force is sent to the millisecond, so that it stays the same silence', () => {
  const [startsMs, endsMs] = [nowMs - 12_345, nowMs + 12_345_678];
  const silence = {
    id: 'x',
    matchers: right.matchers,
    state: 'active',
    startsMs,
    endsMs,
    createdBy: '',
    comment: 'why',
    mutedCount: 0,
  };
  const same = { startsAt: new Date(startsMs).toISOString(), endsAt: new Date(endsMs).toISOString() };
  expect(silenceBody(draftOf(silence), nowMs)).toMatchObject(same);
  expect(silenceBody(draftOf({ ...silence, state: 'pending', startsMs: endsMs - 1 }), nowMs)).toMatchObject({
    endsAt: same.endsAt,
  });
  expect(silenceBody({ ...draftOf(silence), lasts: '1h' }, nowMs)).toMatchObject({
    startsAt: same.startsAt,
    endsAt: new Date(nowMs + hourMs).toISOString(),
  });
});

test('the button says how many the server counted', () => {
  const preview = (now: number) => ({ now, lastDay: now, lastWeek: now, alerts: [] });
  expect(silenceWords(undefined, true)).toBe('Silence');
  expect(silenceWords(preview(0), true)).toBe('Silence what comes');
  expect(silenceWords(preview(1), true)).toBe('Silence 1 alert');
  expect(silenceWords(preview(1_400), true)).toBe('Silence 1,400 alerts');
  expect(silenceWords(preview(3), false)).toBe('Save the silence');
});

test('one that is over is made again as a new one; one in force is changed with its end as it is', () => {
  const silence = readSilence({
    id: 'x',
    state: 'expired',
    comment: 'why',
    matchers: [{ name: 'a', value: 'b', operator: '=~' }],
  });
  expect(draftOf(silence)).toMatchObject({ id: '', lasts: '1h', comment: 'why' });
  const endsMs = nowMs + 30 * 60e3;
  const active = { ...silence, state: 'active', endsMs };
  expect(draftOf(active)).toMatchObject({ id: 'x', lasts: 'exact', ends: localInstant(endsMs) });
  expect([endsSoon(active, nowMs), endsSoon(active, nowMs - hourMs), endsSoon(silence, nowMs)]).toEqual([true, false, false]);
});
