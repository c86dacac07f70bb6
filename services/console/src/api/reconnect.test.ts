import { pollDelayMs, reconnectDelayMs } from './reconnect.ts';

test('the first try to reconnect comes soon, later ones ever slower up to a limit', () => {
  expect([0, 1, 2, 5, 50].map((failures) => reconnectDelayMs(failures, 0.5))).toEqual([500, 1_000, 2_000, 15_000, 15_000]);
});

test('many pages that lost one server do not come back at once', () => {
  expect(reconnectDelayMs(2, 0)).toBe(1_500);
  expect(reconnectDelayMs(2, 1)).toBe(2_500);
});

test('where streams fail the page asks instead, every 5 s at first and every 30 s in the long run', () => {
  expect([3, 4, 5, 8, 50].map((failures) => pollDelayMs(failures, 0.5))).toEqual([5_000, 7_500, 11_250, 30_000, 30_000]);
});
