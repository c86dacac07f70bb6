import { scrollToShow, visibleRange } from './visible-range.ts';

test('of ten thousand rows only those in the window are drawn, and a few beside it', () => {
  expect(visibleRange(10_000, 24, 24_000, 480, 5)).toEqual([995, 1_025]);
});

test('at both ends the range stays within the rows', () => {
  expect(visibleRange(10, 24, 0, 480, 5)).toEqual([0, 10]);
  expect(visibleRange(0, 24, 0, 480, 5)).toEqual([0, 0]);
  expect(visibleRange(3, 24, 9_999, 480, 5)).toEqual([3, 3]);
});

test('a row out of sight is brought to the nearer edge, one in sight stays', () => {
  expect(scrollToShow(2, 24, 480, 240)).toBe(48);
  expect(scrollToShow(40, 24, 480, 240)).toBe(744);
  expect(scrollToShow(25, 24, 480, 240)).toBe(480);
});
