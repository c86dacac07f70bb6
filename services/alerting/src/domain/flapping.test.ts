import fc from 'fast-check';
import { calm, flap, type FlapState } from './flapping.ts';

const rules = { windowMs: 100, raiseAt: 4, clearAt: 1 };

test('an alert that changes four times in the window flaps, and is calm when one is left', () => {
  let state: FlapState = calm;
  const seen = [0, 10, 20, 30, 40].map((at) => {
    const decision = flap(state, true, rules, at);
    state = decision.state;
    return decision.change;
  });
  expect(seen).toEqual(['none', 'none', 'none', 'began', 'none']);
  expect([100, 125, 135].map((at) => flap(state, false, rules, at).change)).toEqual(['none', 'none', 'ended']);
});

const times = fc.array(fc.record({ wait: fc.nat(60), changed: fc.boolean() }), { maxLength: 40 });

test('P1 P2 P3 the score is that of a plain count, and states change only at their thresholds', () => {
  fc.assert(
    fc.property(times, (steps) => {
      let [state, now]: [FlapState, number] = [calm, 0];
      const changes: number[] = [];
      for (const { wait, changed } of steps) {
        now += wait;
        if (changed) changes.push(now);
        const decision = flap(state, changed, rules, now);
        const counted = changes.filter((at) => at > now - rules.windowMs).length;
        expect(decision.score).toBe(Math.min(counted, rules.raiseAt));
        if (decision.change === 'began') expect(counted).toBeGreaterThanOrEqual(rules.raiseAt);
        if (decision.change === 'ended') expect(counted).toBeLessThanOrEqual(rules.clearAt);
        state = decision.state;
      }
      expect(flap(state, false, rules, now + rules.windowMs).state.flapping).toBe(false);
    }),
  );
});

test('P4 a clock that steps back keeps changes in the window, no longer than it', () => {
  const state = flap(calm, true, rules, 1_000_000).state;
  expect(flap(state, false, rules, 0).state.changesMs).toEqual([0]);
});
