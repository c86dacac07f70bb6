import fc from 'fast-check';
import { spansOf } from './spans.ts';
import type { Attempt } from './timeline.ts';

const attempt = (times: Partial<Attempt>): Attempt => ({
  attempt: 1,
  status: 'completed',
  readyNs: undefined,
  queuedNs: undefined,
  startNs: undefined,
  endNs: undefined,
  waits: [],
  worker: '',
  pool: '',
  error: undefined,
  flags: [],
  usage: undefined,
  ...times,
});
const wait = (kind: string, fromNs: number, toNs?: number) => ({ kind, fromNs, toNs, reason: '' });
const drawn = (times: Partial<Attempt>, nowNs = 1_000, live = false): (string | number)[][] =>
  spansOf(attempt(times), nowNs, live).map(({ kind, fromNs, toNs, open }) => [kind, fromNs, toNs, ...(open ? ['open'] : [])]);

test('a finished attempt was orchestrated, queued and ran', () => {
  expect(drawn({ readyNs: 0, queuedNs: 10, startNs: 30, endNs: 90 })).toEqual([
    ['orchestration', 0, 10],
    ['queue', 10, 30],
    ['run', 30, 90],
  ]);
});

test('start and end alone make one bar', () => {
  expect(drawn({ startNs: 30, endNs: 90 })).toEqual([['run', 30, 90]]);
});

test('a running attempt grows to now', () => {
  expect(drawn({ startNs: 30 }, 70, true)).toEqual([['run', 30, 70, 'open']]);
});

test('a queued attempt waits until now', () => {
  expect(drawn({ queuedNs: 30 }, 70, true)).toEqual([['queue', 30, 70, 'open']]);
});

test('a wait the engine told of replaces the queue it explains', () => {
  expect(drawn({ queuedNs: 0, startNs: 50, endNs: 60, waits: [wait('rate_limit', 20, 50)] })).toEqual([
    ['queue', 0, 20],
    ['rate_limit', 20, 50],
    ['run', 50, 60],
  ]);
});

test('a wait within the run splits it', () => {
  expect(drawn({ startNs: 0, endNs: 100, waits: [wait('approval', 40, 70)] })).toEqual([
    ['run', 0, 40],
    ['approval', 40, 70],
    ['run', 70, 100],
  ]);
});

test('a wait that still goes on is open', () => {
  expect(drawn({ startNs: 0, waits: [wait('approval', 40)] }, 100, true)).toEqual([
    ['run', 0, 40],
    ['approval', 40, 100, 'open'],
  ]);
});

test('an attempt left open by an execution that ended stays where it was last seen', () => {
  expect(drawn({ startNs: 30 }, 1_000, false)).toEqual([['run', 30, 30]]);
});

test('the end alone is a point', () => {
  expect(drawn({ endNs: 30 })).toEqual([['run', 30, 30]]);
});

test('S1: spans are in order and never overlap', () => {
  const time = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  const waits = fc.array(fc.record({ kind: fc.constant('queue'), fromNs: fc.nat(100), toNs: time, reason: fc.constant('') }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(time, time, time, time, waits, fc.boolean(), (readyNs, queuedNs, startNs, endNs, given, live) => {
      // The server flags ends before starts; phases in order are its promise.
      fc.pre(
        [readyNs, queuedNs, startNs, endNs]
          .filter((each) => each !== undefined)
          .every((each, at, list) => each >= (list[at - 1] ?? 0)),
      );
      const spans = spansOf(attempt({ readyNs, queuedNs, startNs, endNs, waits: given }), 200, live);
      spans.forEach((each, at) => {
        expect(each.fromNs).toBeLessThanOrEqual(each.toNs);
        const before = spans[at - 1];
        if (before !== undefined) expect(each.fromNs).toBeGreaterThanOrEqual(before.toNs);
      });
    }),
  );
});
