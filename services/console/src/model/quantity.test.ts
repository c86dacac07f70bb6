import { formatBytes, formatCount } from './quantity.ts';

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [73_400_320, '70 MiB'],
  [77_000_000, '73.4 MiB'],
  [5 * 1_024 ** 5, '5120 TiB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('thousands are set apart', () => {
  expect(formatCount(12_834)).toBe('12,834');
});
