import { agoText, durationText } from './duration.ts';
import { progressText } from './progress.ts';
import { displayWidth, fit, printable, shorten } from './text-width.ts';

test.each([
  [0, '0 s'],
  [850, '850 ns'],
  [12_400_000, '12.4 ms'],
  [3_084_000_000, '3.08 s'],
  [59_996_000_000, '1 m'],
  [252e9, '4 m 12 s'],
  [7500e9, '2 h 5 m'],
])('%i ns is %s', (ns, text) => {
  expect(durationText(ns)).toBe(text);
});

test.each([
  [0, 'now'],
  [12, '12 s ago'],
  [600, '10 min ago'],
  [10_800, '3 h ago'],
  [400_000, '5 d ago'],
  [-30, 'in 30 s'],
])('%i s back is %s', (seconds, text) => {
  expect(agoText(0, seconds * 1000)).toBe(text);
});

test('progress says share, count, rate and what is left', () => {
  expect(progressText(420, 1000, 12_000, 'records')).toBe('██████████▏              42 %  420 of 1000 records, 35/s, 17 s left');
});

test('text is cut and padded by the columns it takes, wide characters counting two', () => {
  expect(displayWidth('通知 é')).toBe(6);
  expect(fit('通知を送る', 6)).toBe('通知… ');
  expect(fit('7', 3, 'right')).toBe('  7');
  expect(shorten('abcdef', 4)).toBe('abc…');
  expect(printable('a\u0007b\u2028c')).toBe('a\ufffdb\ufffdc');
});
