import { displayWidth, fit, printable, shorten } from './text-width.ts';

test('text is cut and padded by the columns it takes, wide characters counting two', () => {
  expect(displayWidth('通知 é')).toBe(6);
  expect(fit('通知を送る', 6)).toBe('通知… ');
  expect(fit('7', 3, 'right')).toBe('  7');
  expect(shorten('abcdef', 4)).toBe('abc…');
  expect(printable('a\u0007b\u2028c')).toBe('a\ufffdb\ufffdc');
});
