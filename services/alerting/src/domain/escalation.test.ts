import fc from 'fast-check';
import { escalate, type EscalationState } from './escalation.ts';

const steps = [
  { afterMs: 10, receiver: 'on-call' },
  { afterMs: 20, receiver: 'lead' },
];
const open = { acknowledged: false, resolved: false };

test.each([
  [{ step: 0, sinceMs: 0 }, open, 9, { kind: 'wait', untilMs: 10 }],
  [{ step: 0, sinceMs: 0 }, open, 10, { kind: 'escalate', receiver: 'on-call', state: { step: 1, sinceMs: 10 } }],
  [{ step: 1, sinceMs: 10 }, open, 30, { kind: 'escalate', receiver: 'lead' }],
  [{ step: 2, sinceMs: 30 }, open, 99, { kind: 'stop', reason: 'no further step' }],
  [{ step: 0, sinceMs: 0 }, { ...open, acknowledged: true }, 99, { kind: 'stop', reason: 'acknowledged' }],
  [{ step: 1, sinceMs: 0 }, { ...open, resolved: true }, 99, { kind: 'stop', reason: 'resolved' }],
])('at %j, %j, %d ms: %j', (state, alert, now, decision) => {
  expect(escalate(steps, state, alert, now)).toMatchObject(decision);
});

test('X1 X2 however late it is looked at, each step is taken once, in order, and never early', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 20 }), (waits) => {
      let [state, now]: [EscalationState, number] = [{ step: 0, sinceMs: 0 }, 0];
      for (const wait of waits) {
        now += wait;
        const decision = escalate(steps, state, open, now);
        if (decision.kind !== 'escalate') continue;
        expect(decision.receiver).toBe(steps[state.step]?.receiver);
        expect(now - state.sinceMs).toBeGreaterThanOrEqual(steps[state.step]?.afterMs ?? Infinity);
        state = decision.state;
      }
    }),
  );
});
