import { manySteps, noSteps } from './testing/many-steps.ts';
import { indexKeys } from './step-key.ts';
import { patcherOf } from './patch-steps.ts';
import { measuresOf, ownParts, usedBy } from './usage.ts';

const s = 1e9;

test('what the stream tells of a try is kept with its bar, and only measures that any step tells of are there', () => {
  const steps = manySteps([
    { name: 'a', startNs: 0, endNs: s },
    { name: 'b', startNs: 0, endNs: s, usage: { tokens: '1834', costUsd: 0.004 } },
  ]);
  expect(measuresOf(steps)).toEqual(['tokens', 'cost']);
  expect(usedBy(steps, 0)).toEqual({ cpu: 0, memory: 0, tokens: 0, cost: 0 });
  expect(usedBy(steps, 1)).toEqual({ cpu: 0, memory: 0, tokens: 1_834, cost: 0.004 });
});

test('an execution whose steps tell of nothing has no measures', () => {
  expect(measuresOf(manySteps([{ name: 'a', startNs: 0, endNs: s }]))).toEqual([]);
});

test('tries of a step add up, and its memory is that of the greatest try', () => {
  const steps = noSteps();
  const attempts = [
    { attempt: 1, usage: { cpuSeconds: 2, memoryBytes: '500', tokens: '10' } },
    { attempt: 2, usage: { cpuSeconds: 1, memoryBytes: '700', tokens: '5' } },
  ];
  patcherOf(steps, indexKeys(steps)).apply([{ stepKey: '0'.repeat(32), stepId: 'a', attempts }]);
  expect(usedBy(steps, 0)).toEqual({ cpu: 3, memory: 700, tokens: 15, cost: 0 });
});

test('a try told of again has what was told last', () => {
  const steps = noSteps();
  const patcher = patcherOf(steps, indexKeys(steps));
  const row = (usage: object) => ({ stepKey: '0'.repeat(32), stepId: 'a', attempts: [{ attempt: 1, ...usage }] });
  patcher.apply([row({ usage: { tokens: '5' } })]);
  patcher.apply([row({ usage: { tokens: '9' } })]);
  expect(usedBy(steps, 0).tokens).toBe(9);
  patcher.apply([row({})]);
  expect(usedBy(steps, 0).tokens).toBe(0);
});

test('what is no amount counts as nothing', () => {
  const steps = manySteps([{ name: 'a', usage: { cpuSeconds: 'NaN', costUsd: 'Infinity', memoryBytes: '-4' } }]);
  expect(measuresOf(steps)).toEqual([]);
});

test('an agent that tells of the calls inside it too has only the rest for itself; one that tells less tells of itself', () => {
  const inside = [
    { name: 'call', parent: 0, usage: { tokens: '30' } },
    { name: 'call', parent: 0, usage: { tokens: '50' } },
  ];
  expect([...ownParts(manySteps([{ name: 'agent', usage: { tokens: '100' } }, ...inside]), 'tokens')]).toEqual([0.2, 1, 1]);
  expect([...ownParts(manySteps([{ name: 'agent', usage: { tokens: '10' } }, ...inside]), 'tokens')]).toEqual([1, 1, 1]);
});

test('a parent that the stream told of after what is inside it counts the same', () => {
  const steps = manySteps([
    { name: 'call', parent: 1, usage: { tokens: '30' } },
    { name: 'agent', usage: { tokens: '30' } },
  ]);
  expect([...ownParts(steps, 'tokens')]).toEqual([1, 0]);
});
