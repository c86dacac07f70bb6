import fc from 'fast-check';
import { decideNotify } from './notify-decision.ts';

const hour = 3_600_000;
const options = { sendResolved: true, repeatIntervalMs: 4 * hour };
const last = (firing: string[], resolved: string[] = [], atMs = 0) => ({ firing, resolved, atMs });
const now = (firing: string[], resolved: string[] = []) => ({ firing, resolved });

test.each([
  ['N1 something fires for the first time', undefined, now(['a']), true, 'first'],
  ['N1 it was resolved before anybody heard', undefined, now([], ['a']), false, 'nothing fires'],
  ['N2 another fires', last(['a']), now(['a', 'b']), true, 'new firing'],
  ['N2 a resolved one fires again', last(['a'], ['b']), now(['a', 'b']), true, 'new firing'],
  ['N3 all are resolved', last(['a']), now([], ['a']), true, 'all resolved'],
  ['N3 and it was told', last([], ['a']), now([], ['a']), false, 'never told that it fired'],
  ['N4 one of two is resolved', last(['a', 'b']), now(['a'], ['b']), true, 'new resolved'],
  ['fewer fire and nobody says they are resolved', last(['a', 'b']), now(['a']), false, 'nothing new'],
  ['N5 nothing is new', last(['a']), now(['a']), false, 'nothing new'],
  ['N5 nothing is new for four hours', last(['a'], [], -4 * hour), now(['a']), true, 'repeat'],
])('%s', (_, told, group, notify, reason) => {
  expect(decideNotify(told, group, options, 0)).toMatchObject({ notify, reason });
});

test('N3 N6 a receiver that wants no resolved ones is not told, and what it knows is remembered', () => {
  const quiet = { ...options, sendResolved: false };
  expect(decideNotify(last(['a']), now([], ['a']), quiet, 0)).toEqual({
    notify: false,
    remember: true,
    send: [],
    reason: 'all resolved',
  });
  expect(decideNotify(last(['a', 'b']), now(['a'], ['b']), quiet, 0)).toMatchObject({ notify: false, reason: 'nothing new' });
  expect(decideNotify(last(['a']), now(['a', 'c'], ['b']), quiet, 0).send).toEqual(['a', 'c']);
});

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
const group = fc.tuple(names, names).map(([firing, resolved]) =>
  now(
    firing,
    resolved.filter((name) => !firing.includes(name)),
  ),
);

test('N6 N7 whatever is told is remembered, and then there is nothing to tell', () => {
  fc.assert(
    fc.property(fc.option(group, { nil: undefined }), group, fc.boolean(), (told, current, sendResolved) => {
      const rules = { ...options, sendResolved };
      const decision = decideNotify(told === undefined ? undefined : { ...told, atMs: 0 }, current, rules, hour);
      if (decision.notify) expect(decision).toMatchObject({ remember: true });
      expect(decision.notify).toBe(decision.send.length > 0);
      if (!sendResolved) expect(current.firing).toEqual(expect.arrayContaining([...decision.send]));
      if (decision.remember) expect(decideNotify({ ...current, atMs: hour }, current, rules, hour).notify).toBe(false);
    }),
  );
});
