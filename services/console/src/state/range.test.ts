import { boundsOf, frozen, rangeMs } from './range.ts';

const now = Date.UTC(2026, 10, 22, 12);

test('a relative range ends now, a fixed one where it says', () => {
  expect(boundsOf(new URLSearchParams('range=24h'), now)).toEqual({ from: '2026-11-21T12:00:00.000Z', to: '' });
  expect(boundsOf(new URLSearchParams('from=a&to=b'), now)).toEqual({ from: 'a', to: 'b' });
  expect(boundsOf(new URLSearchParams(), now)).toEqual({ from: '', to: '' });
});

test.each(['0h', '24', 'h', '24H', '-1d', '99999d'])('%j is no range', (text) => expect(rangeMs(text)).toBeUndefined());

test('a frozen link shows tomorrow what is seen today; where nothing moves there is none', () => {
  expect(frozen('http://tmws/?q=x&range=15m', now)).toBe(
    'http://tmws/?q=x&from=2026-11-22T11%3A45%3A00.000Z&to=2026-11-22T12%3A00%3A00.000Z',
  );
  expect(frozen('http://tmws/executions/r?sel=a', now)).toBeUndefined();
});
