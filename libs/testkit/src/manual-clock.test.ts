import { manualClock } from './manual-clock.ts';

test('it stands still until it is moved, forth or back', () => {
  const clock = manualClock(1_000);
  expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
  clock.advance(250);
  expect(clock.now()).toBe(1_250);
  clock.advance(-500);
  expect(clock.now()).toBe(750);
});
