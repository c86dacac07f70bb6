import { progressText } from './progress.ts';

test('progress says share, count, rate and what is left', () => {
  expect(progressText(420, 1000, 12_000, 'records')).toBe('██████████▏              42 %  420 of 1000 records, 35/s, 17 s left');
});
