import { idleOf, overviewOf } from './overview.ts';
import { plainAxis, pressedAxis } from './time-axis.ts';
import { manySteps } from './testing/many-steps.ts';

const steps = manySteps([
  { name: 'parent', startNs: 0, endNs: 1_000e6 },
  { name: 'a', parent: 0, startNs: 0, endNs: 100e6 },
  { name: 'b', parent: 0, startNs: 100e6, endNs: 200e6, readyNs: 50e6 },
  { name: 'c', parent: 0, startNs: 800e6, endNs: 1_000e6, status: 'failed' },
]);

test('steps that run one after the other are never two at once, and what holds steps runs by them', () => {
  expect(overviewOf(steps, 0, 1_000e6, 1_000e6).mostRunning).toBe(1);
});

test('time in which nothing runs is idle, however much is still to come', () => {
  const [stretch, ...more] = idleOf(overviewOf(steps, 0, 1_000e6, 1_000e6));
  expect(more).toEqual([]);
  expect(stretch?.fromNs).toBeGreaterThanOrEqual(200e6);
  expect(stretch?.fromNs).toBeLessThan(205e6);
  expect(stretch?.toNs).toBeLessThanOrEqual(800e6);
  expect(stretch?.toNs).toBeGreaterThan(795e6);
});

test('an axis with pressed stretches goes on growing, and back to the same instants', () => {
  const axis = pressedAxis([{ fromNs: 200, toNs: 800 }], 20);
  expect([0, 200, 800, 1_000].map((ns) => axis.of(ns))).toEqual([0, 200, 220, 420]);
  for (const ns of [0, 150, 200, 350, 799, 800, 990]) expect(axis.at(axis.of(ns))).toBeCloseTo(ns);
  expect(pressedAxis([{ fromNs: 0, toNs: 10 }], 20)).toBe(plainAxis);
});
