import fc from 'fast-check';
import { dampedBy, handle, type Handled, type Handling, isOver } from './handling.ts';
import type { PolicyRules } from './policy.ts';

const second = 1_000;
const damped = (more: object): PolicyRules => ({
  escalation: undefined,
  damping: { matchers: [], flapping: undefined, fireAfterMs: 0, clearAfterMs: 0, ...more },
});
const escalated: PolicyRules = {
  escalation: { matchers: [], steps: [{ afterMs: 10 * second, receiver: 'lead' }] },
  damping: undefined,
};
const firing = (handling?: Handling, more: Partial<Handled> = {}): Handled => ({
  endsAtMs: 1_000 * second,
  told: 'firing',
  acknowledged: undefined,
  handling,
  ...more,
});
const calmly = { fired: false, urgent: false };
const fired = { fired: true, urgent: false };

test('without rules nothing is kept', () => {
  expect(handle(firing(), fired, { escalation: undefined, damping: undefined }, 0).handling).toBeUndefined();
});

test('D1 an alert is held for its time and counts after it; one that fires anew is held anew; an urgent one never is', () => {
  const rules = damped({ fireAfterMs: 20 * second });
  const first = handle(firing(), fired, rules, 0);
  expect(first.handling).toMatchObject({ dueMs: 20 * second });
  expect(dampedBy(firing(first.handling), 5 * second)).toBe('held');
  const early = handle(firing(first.handling), calmly, rules, 19 * second);
  expect(early).toMatchObject({ released: false });
  const late = handle(firing(early.handling), calmly, rules, 20 * second);
  expect([late.released, dampedBy(firing(late.handling), 20 * second)]).toEqual([true, undefined]);
  expect(dampedBy(firing(handle(firing(late.handling), fired, rules, 30 * second).handling), 31 * second)).toBe('held');
  expect(dampedBy(firing(handle(firing(), { fired: true, urgent: true }, rules, 0).handling), 0)).toBeUndefined();
});

test('an alert that ended lingers as if it fired, but not one that was held', () => {
  const rules = damped({ fireAfterMs: 20 * second, clearAfterMs: 60 * second });
  const held = firing(handle(firing(), fired, rules, 0).handling, { endsAtMs: 10 * second });
  expect(isOver(held, 10 * second)).toBe(true);
  const heard = firing(handle(held, calmly, rules, 20 * second).handling, { endsAtMs: 30 * second });
  expect([isOver(heard, 89 * second), dampedBy(heard, 89 * second), isOver(heard, 90 * second)]).toEqual([
    false,
    'lingering',
    true,
  ]);
});

test('D3 escalation begins when an alert fires, or is released, and ends with the occurrence', () => {
  const rules = { ...escalated, damping: damped({ fireAfterMs: 20 * second }).damping };
  const held = handle(firing(), fired, rules, 0).handling;
  expect(held?.escalation).toBeUndefined();
  const counts = handle(firing(held), calmly, rules, 20 * second).handling;
  expect(counts).toMatchObject({ escalation: { step: 0, sinceMs: 20 * second }, dueMs: 30 * second });
  expect(
    handle(firing(counts, { told: 'resolved', endsAtMs: 0 }), calmly, rules, 25 * second).handling?.escalation,
  ).toBeUndefined();
  expect(handle(firing(counts, { acknowledged: {} }), calmly, rules, 25 * second).handling?.dueMs).toBeUndefined();
});

test('D4 a clock that steps back an hour puts off a step by no more than its own wait', () => {
  const hour = 3_600 * second;
  const { handling } = handle(firing(undefined, { endsAtMs: 9 * hour }), fired, escalated, 2 * hour);
  expect(handle(firing(handling, { endsAtMs: 9 * hour }), calmly, escalated, hour).handling?.dueMs).toBe(hour + 10 * second);
});

test('flapping is found by ends that nobody posted, and is over when the window has passed', () => {
  const rules = damped({ flapping: { windowMs: 100 * second, raiseAt: 3, clearAt: 0 } });
  let handling = handle(firing(undefined, { endsAtMs: 10 * second }), fired, rules, 0).handling;
  expect(handling?.dueMs).toBe(10 * second);
  handling = handle(firing(handling, { endsAtMs: 10 * second }), calmly, rules, 10 * second).handling;
  const began = handle(firing(handling, { endsAtMs: 900 * second }), calmly, rules, 12 * second);
  expect([began.flapping, began.changes, began.handling?.dueMs]).toEqual(['began', 3, 112 * second]);
  expect(handle(firing(began.handling), calmly, rules, 112 * second).flapping).toBe('ended');
});

test('D2 D5 asking again at the same time changes nothing', () => {
  const rules: PolicyRules = {
    ...escalated,
    ...{ damping: { matchers: [], flapping: { windowMs: 50, raiseAt: 3, clearAt: 1 }, fireAfterMs: 7, clearAfterMs: 5 } },
  };
  fc.assert(
    fc.property(
      fc.array(fc.record({ wait: fc.integer({ min: -20, max: 40 }), lasts: fc.nat(30), fired: fc.boolean() }), { maxLength: 25 }),
      (steps) => {
        let [handling, now]: [Handling | undefined, number] = [undefined, 1_000];
        for (const { wait, lasts, fired: begins } of steps) {
          now += wait;
          const alert = firing(handling, { endsAtMs: now + lasts });
          const once = handle(alert, { fired: begins, urgent: false }, rules, now);
          const again = handle({ ...alert, handling: once.handling }, calmly, rules, now);
          expect(again).toEqual({ ...once, released: false, flapping: 'none' });
          handling = once.handling;
        }
      },
    ),
  );
});
