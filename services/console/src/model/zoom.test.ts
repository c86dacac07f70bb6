import { around, panned, zoomed } from './zoom.ts';

const whole = { fromNs: 0, toNs: 1e9 };

test('zooming in keeps the instant under the pointer where it is', () => {
  expect(zoomed(undefined, whole, 2, 0.25e9)).toEqual({ fromNs: 0.125e9, toNs: 0.625e9 });
});

test('zooming out far enough shows the whole again', () => {
  expect(zoomed({ fromNs: 0.1e9, toNs: 0.6e9 }, whole, 1 / 2, 0.3e9)).toBeUndefined();
});

test('zooming out at an edge stays within the whole', () => {
  expect(zoomed({ fromNs: 0, toNs: 0.2e9 }, whole, 1 / 2, 0.2e9)).toEqual({ fromNs: 0, toNs: 0.4e9 });
});

test('one cannot zoom in without end', () => {
  expect(zoomed({ fromNs: 0, toNs: 1_000 }, whole, 100, 500)).toEqual({ fromNs: 0, toNs: 1_000 });
});

test('a window is moved up to the end of the axis, the whole not at all', () => {
  expect(panned({ fromNs: 0.7e9, toNs: 0.9e9 }, whole, 1)).toEqual({ fromNs: 0.8e9, toNs: 1e9 });
  expect(panned(undefined, whole, 1)).toBeUndefined();
});

test('a step is shown with room on both sides', () => {
  expect(around({ fromNs: 0.4e9, toNs: 0.5e9 }, whole)).toEqual({ fromNs: 0.385e9, toNs: 0.515e9 });
  expect(around(whole, whole)).toBeUndefined();
});
