import { agoText } from './time-text.ts';

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
