import fc from 'fast-check';
import { flag, list, oneOf, readState, span, text, whole, writeState } from './url-state.ts';

const page = {
  q: text(),
  tab: oneOf(['timeline', 'table', 'graph']),
  status: list(['failed', 'running']),
  cp: flag,
  px: whole(1, 1, 9),
  t: span,
};
const read = (query: string) => readState(page, new URLSearchParams(query));

test('a bare address is the default state, and the default state a bare address', () => {
  const state = read('');
  expect(state).toEqual({ q: '', tab: 'timeline', status: [], cp: false, px: 1, t: undefined });
  expect(Object.values(writeState(page, state)).every((value) => value === '')).toBe(true);
});

test('what is seen can be linked', () => {
  const state = read('q=a+b&tab=table&status=failed,running&cp=1&px=7&t=12.3s-45s');
  expect(state).toEqual({
    q: 'a b',
    tab: 'table',
    status: ['failed', 'running'],
    cp: true,
    px: 7,
    t: { fromSeconds: 12.3, toSeconds: 45 },
  });
  expect(read(new URLSearchParams(writeState(page, state)).toString())).toEqual(state);
});

test('a mistyped or old link opens with what can be read of it', () => {
  expect(read('tab=flame&status=failed,lost,failed&cp=yes&px=10&t=45s-12s')).toEqual(read('status=failed'));
  expect(read('px=1e3&t=-1s-2s')).toEqual(read(''));
});

test('a change writes only what changed', () => {
  expect(writeState(page, { tab: 'table', q: '' })).toEqual({ tab: 'table', q: '' });
});

test('any span comes back as it was, to the nanosecond', () => {
  const ns = fc.integer({ min: 0, max: 10 ** 15 });
  fc.assert(
    fc.property(ns, ns, (a, b) => {
      fc.pre(a !== b);
      const given = { fromSeconds: Math.min(a, b) / 1e9, toSeconds: Math.max(a, b) / 1e9 };
      expect(span.read(span.write(given))).toEqual(given);
    }),
  );
});
