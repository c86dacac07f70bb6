import { stripVTControlCharacters } from 'node:util';
import type { GetCriticalPathResponseJson, GetTimelineResponseJson } from '@tmws/contracts';
import { painter } from '../paint.ts';
import { displayWidth } from '../text-width.ts';
import { timelinePicture } from './timeline-picture.ts';

const zero = 1_795_332_453_000_000_000n;
const at = (seconds: number): string => String(zero + BigInt(Math.round(seconds * 1e9)));
const attempt = (startS: number, endS: number, more: object = {}) => ({
  attempt: 1,
  status: 'completed',
  startNs: at(startS),
  endNs: at(endS),
  ...more,
});

const timeline: GetTimelineResponseJson = {
  asOfNs: at(20),
  startNs: at(0),
  endNs: at(20),
  rows: [
    { stepKey: 'a', stepId: 'plan', name: 'plan', status: 'completed', critical: true, attempts: [attempt(0, 4)] },
    { stepKey: 'b', stepId: 'fan-out[0]', name: 'question 1', status: 'completed', critical: true, attempts: [attempt(4, 16)] },
    {
      stepKey: 'c',
      stepId: 'read',
      name: 'read',
      status: 'completed',
      depth: 1,
      parentStepKey: 'b',
      critical: true,
      attempts: [
        attempt(6, 8, { status: 'failed', readyNs: at(4), queuedNs: at(4) }),
        attempt(12, 16, { attempt: 2, waits: [{ kind: 'retry_backoff', fromNs: at(8), toNs: at(12) }] }),
      ],
    },
    { stepKey: 'd', stepId: 'publish', status: 'running', attempts: [{ attempt: 1, status: 'running', startNs: at(17.3) }] },
    { stepKey: 'e', stepId: 'notify', name: '通知を送る', status: 'planned' },
  ],
};
const critical: GetCriticalPathResponseJson = {
  makespanNs: '16000000000',
  segments: [
    { kind: 'run', startNs: at(0), endNs: at(4) },
    { kind: 'queue', startNs: at(4), endNs: at(6) },
    { kind: 'run', startNs: at(6), endNs: at(8) },
    { kind: 'retry_backoff', startNs: at(8), endNs: at(12) },
    { kind: 'run', startNs: at(12), endNs: at(16) },
  ],
};

test('a timeline is drawn as rows with state, bar and length, under a time axis, with what the signs mean', () => {
  expect(`\n${timelinePicture(timeline, critical, { width: 80, paint: painter(false) }).join('\n')}\n`).toBe(`
                          0 s       5 s        10 s       15 s
                          ├─────────┼──────────┼──────────┼──────────
* plan          completed ████████▋                                        4 s
* question 1    completed         ───────────────────────────             12 s
*   read ×2     completed         ░░░░░████✗┄┄┄┄┄┄┄┄████████▍             12 s
  publish       running                                        ██████    2.7 s
  通知を送る    planned
* critical path           █████████░░░░████┄┄┄┄┄┄┄┄┄████████▍             16 s

█ runs   ─ steps below   ░ queue   ┄ retry back-off   ✗ failed   * on the critical path
`);
});

test('no line of a picture is wider than asked, from 60 columns on, whatever the names', () => {
  const rows = timeline.rows?.map((row) => ({ ...row, name: `${row.name ?? ''} ${'very '.repeat(20)}` })) ?? [];
  for (const width of [60, 80, 133]) {
    const lines = timelinePicture({ ...timeline, rows }, critical, { width, paint: painter(false) }).slice(0, -1);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  }
});

test('colours add to the picture, they do not change it', () => {
  const plain = timelinePicture(timeline, critical, { width: 80, paint: painter(false) });
  const coloured = timelinePicture(timeline, critical, { width: 80, paint: painter(true) });
  expect(coloured.join('\n')).toContain('\x1b[');
  const bare = coloured.map((line) => stripVTControlCharacters(line).trimEnd());
  expect(bare).toEqual(plain);
});

test('an execution without steps has an axis and no rows', () => {
  expect(
    timelinePicture({ startNs: at(0), endNs: at(0), asOfNs: at(0) }, undefined, { width: 60, paint: painter(false) }),
  ).toHaveLength(4);
});

test('a hundred and fifty thousand steps can be drawn', () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => ({ stepId: `s${i}`, status: 'planned' }));
  expect(timelinePicture({ ...timeline, rows }, undefined, { width: 60, paint: painter(false) })).toHaveLength(150_004);
});
