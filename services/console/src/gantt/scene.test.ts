import { readRow } from '../model/timeline.ts';
import { boxAt, rowScene, type Scale, timeAt, xOf } from './scene.ts';

const scale = (more: Partial<Scale> = {}): Scale => ({
  domain: { fromNs: 0, toNs: 100e9 },
  widthPx: 1_000,
  nowNs: 50e9,
  live: false,
  ...more,
});
const seconds = (at: number): string => String(at * 1e9);

const retried = readRow(
  {
    stepKey: 'w',
    status: 'failed',
    attempts: [
      { attempt: 1, status: 'failed', queuedNs: seconds(0), startNs: seconds(10), endNs: seconds(20) },
      {
        attempt: 2,
        status: 'failed',
        startNs: seconds(30),
        endNs: seconds(35),
        waits: [{ kind: 'retry_backoff', fromNs: seconds(20), toNs: seconds(30) }],
      },
    ],
  },
  0n,
);

test('each try of a step has bars of its own, waits before them', () => {
  expect(rowScene(retried, scale()).boxes.map(({ attempt, kind, xPx, widthPx }) => [attempt, kind, xPx, widthPx])).toEqual([
    [1, 'queue', 0, 100],
    [1, 'run', 100, 100],
    [2, 'retry_backoff', 200, 100],
    [2, 'run', 300, 50],
  ]);
});

test('a failed step says so in words beside its last bar', () => {
  expect(rowScene(retried, scale()).label).toEqual({ text: '5 s failed', xPx: 356, before: false, bad: true });
});

test('a bar at the right edge has its words on the left', () => {
  const row = readRow({ stepKey: 'a', status: 'completed', attempts: [{ startNs: seconds(95), endNs: seconds(100) }] }, 0n);
  expect(rowScene(row, scale()).label).toEqual({ text: '5 s', xPx: 944, before: true, bad: false });
});

test('a bar over the whole width has no words, there is no room', () => {
  const row = readRow({ stepKey: 'a', status: 'completed', attempts: [{ startNs: '0', endNs: seconds(100) }] }, 0n);
  expect(rowScene(row, scale()).label).toBeUndefined();
});

test('the shortest step can still be seen, and pointed at', () => {
  const row = readRow({ stepKey: 'a', status: 'completed', attempts: [{ startNs: seconds(50), endNs: String(50e9 + 1) }] }, 0n);
  const { boxes } = rowScene(row, scale());
  expect(boxes[0]?.widthPx).toBe(2);
  expect(boxAt(boxes, 504)).toBe(boxes[0]);
  expect(boxAt(boxes, 510)).toBeUndefined();
});

test('a running step grows to now', () => {
  const row = readRow({ stepKey: 'a', status: 'running', attempts: [{ status: 'running', startNs: seconds(10) }] }, 0n);
  expect(rowScene(row, scale({ live: true, nowNs: 30e9 })).boxes).toMatchObject([{ xPx: 100, widthPx: 200, open: true }]);
});

test('zoomed in, only what is in the window is drawn, and nothing is written beside bars out of sight', () => {
  const near = rowScene(retried, scale({ domain: { fromNs: 21e9, toNs: 22e9 } }));
  expect(near.boxes.map(({ kind, xPx, widthPx }) => [kind, xPx, widthPx])).toEqual([['retry_backoff', -40, 1_080]]);
  expect(rowScene(retried, scale({ domain: { fromNs: 60e9, toNs: 61e9 } }))).toEqual({ boxes: [], label: undefined });
});

test('a place on the axis and its instant belong together', () => {
  const window = scale({ domain: { fromNs: 10e9, toNs: 30e9 } });
  expect(timeAt(window, xOf(window, 17e9))).toBe(17e9);
});

test('a step that only waits says how long, and for what state', () => {
  const row = readRow({ stepKey: 'a', status: 'queued', attempts: [{ status: 'queued', queuedNs: seconds(10) }] }, 0n);
  expect(rowScene(row, scale({ live: true, nowNs: 22e9 })).label?.text).toBe('12 s queued');
});

test('a step only planned has no bar', () => {
  expect(rowScene(readRow({ stepKey: 'a', status: 'planned' }, 0n), scale())).toEqual({ boxes: [], label: undefined });
});
