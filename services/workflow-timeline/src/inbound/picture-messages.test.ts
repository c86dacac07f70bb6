import { create } from '@bufbuild/protobuf';
import { GetColumnsResponseSchema } from '@tmws/contracts';
import fc from 'fast-check';
import type { Attempt } from '../domain/attempt.ts';
import { chartOf } from '../domain/chart/chart.ts';
import { criticalPath } from '../domain/critical-path/critical-path.ts';
import { timelineRows } from '../domain/timeline.ts';
import type { ExecutionRecord } from '../ports.ts';
import { arbitraryAttempts, t0 } from '../../test/arbitrary-attempts.ts';
import { readColumns } from '../../test/read-columns.ts';
import { columnsPicture } from '../usecases/look-at-picture.ts';
import { columnsMessage } from './picture-messages.ts';

const record: ExecutionRecord = {
  namespace: 'default',
  id: 'run-1',
  no: 4n,
  bucket: 1,
  seq: 9n,
  revision: 9n,
  status: 'completed',
  word: 'completed',
  workflow: { name: 'w', version: '1' },
  name: '',
  parentId: '',
  startNs: undefined,
  endNs: undefined,
  firstStartNs: t0,
  lastEndNs: undefined,
  error: undefined,
  origin: undefined,
  stepCount: 0,
  stepsByStatus: {},
} as unknown as ExecutionRecord;

function answerTo(attempts: readonly Attempt[], asked: { fromNs?: bigint; toNs?: bigint; px?: number; asOfNs?: bigint } = {}) {
  const { fromNs = 0n, toNs = 0n, px = 0, asOfNs = t0 + 5_000_000_000_000n } = asked;
  const rows = timelineRows(attempts);
  const path = criticalPath(rows, { startNs: t0, endNs: asOfNs });
  const view = { record, chart: chartOf(rows, path, [t0]), asOfNs };
  const answer = create(GetColumnsResponseSchema, columnsMessage(columnsPicture(view, { fromNs, toNs }, px), true));
  return { rows, path, answer, read: readColumns(answer) };
}

const exact = (value: number): number => (value > 0 ? Math.min(Number.MAX_SAFE_INTEGER, value) : 0);

function usedBy(usage: Attempt['usage']) {
  if (usage === undefined) return undefined;
  const used = {
    cpu: exact(Math.round(usage.cpuSeconds * 1e6)),
    memory: exact(Math.ceil(Number(usage.memoryBytes) / 1024)),
    tokens: exact(Number(usage.tokens)),
    cost: exact(Math.round(usage.costUsd * 1e9)),
  };
  return Object.values(used).some((value) => value > 0) ? used : undefined;
}

test('columns read back are the rows, for any execution', () => {
  fc.assert(
    fc.property(arbitraryAttempts, (attempts) => {
      const { rows, path, answer, read } = answerTo(attempts);
      const critical = new Set(path.map(({ of }) => `${of?.stepKey} ${of?.attempt}`));
      const places = new Map(rows.map(({ step }, place) => [step.stepKey, place]));
      expect(read).toEqual(
        rows.map((row) => ({
          stepId: row.step.stepId,
          name: row.name,
          kind: row.kind,
          status: row.status,
          depth: row.depth,
          path: row.step.path,
          iteration: row.step.iteration,
          parent: row.parentKey === undefined ? undefined : places.get(row.parentKey),
          keyedBySpan: row.step.stepKey.length === 16,
          key: row.step.stepKey,
          dependsOn: row.dependsOn.map((key) => places.get(key)),
          fold: undefined,
          bars: row.bars.map((bar) => ({
            attempt: bar.attempt,
            status: bar.status,
            readyNs: bar.readyNs,
            queuedNs: bar.queuedNs,
            startNs: bar.startNs,
            endNs: bar.endNs,
            worker: bar.resource?.worker ?? '',
            pool: bar.resource?.pool ?? '',
            flags: bar.flags,
            critical: critical.has(`${row.step.stepKey} ${bar.attempt}`),
            waits: bar.waits,
            bars: 1,
            atNs: expect.any(BigInt) as bigint,
            used: usedBy(bar.usage),
          })),
        })),
      );
      expect(answer.detail).toMatchObject({ whole: true, note: '', foldedSteps: 0, mergedBars: 0 });
    }),
  );
});

const long = (seconds: readonly bigint[]): Attempt[] =>
  seconds.map((second, i): Attempt => ({
    step: { stepKey: String(i).padStart(32, '0'), stepId: `s-${i}`, path: [], iteration: 0 },
    attempt: 1,
    status: 'completed',
    span: undefined,
    name: '',
    kind: '',
    readyNs: undefined,
    queuedNs: undefined,
    startNs: t0 + second * 1_000_000_000n,
    endNs: t0 + second * 1_000_000_000n + 1n,
    waits: [],
    dependsOn: [],
    resource: undefined,
    usage: undefined,
    error: undefined,
  }));

test('times of an execution of a year are cut to the microsecond, and the answer says so', () => {
  const { answer, read } = answerTo(long([0n, 31_536_000n]));
  expect([answer.unitNs, answer.rounded]).toEqual([1000n, true]);
  expect(read[1]!.bars[0]).toMatchObject({
    startNs: t0 + 31_536_000_000_000_000n,
    endNs: t0 + 31_536_000_000_000_000n,
  });
});

test('what engines tell in milliseconds is counted in them', () => {
  const { answer } = answerTo(long([0n, 1n]).map((attempt) => ({ ...attempt, endNs: attempt.startNs! + 4_000_000n })));
  expect([answer.unitNs, answer.rounded]).toEqual([1_000_000n, false]);
});

test('a window has the bars that touch it, their rows and the rows above, and dictionaries of just those', () => {
  const { answer, read } = answerTo(long([0n, 10n, 20n, 30n]), { fromNs: t0 + 10_000_000_000n, toNs: t0 + 30_000_000_000n });
  expect(read.map(({ stepId }) => stepId)).toEqual(['s-1', 's-2']);
  expect(answer.templates).toHaveLength(1);
  expect(answer.detail).toMatchObject({ whole: true, steps: 2 });
});

test('an execution without steps has columns without rows', () => {
  const { read, answer } = answerTo([], { px: 100 });
  expect(read).toEqual([]);
  expect(answer.detail?.whole).toBe(true);
});

test('an answer of which no bar tells what it used has no columns for it', () => {
  expect(answerTo(long([0n, 1n])).answer.usage).toBeUndefined();
});

test('what is left out is said in words', () => {
  const many = long(Array.from({ length: 1500 }, (_, i) => BigInt(i)));
  const { answer, read } = answerTo(many, { px: 100 });
  expect(read).toHaveLength(1);
  expect(read[0]).toMatchObject({ fold: { steps: 1500 } });
  expect(answer.detail).toMatchObject({ whole: false, steps: 1500, foldedSteps: 1500 });
  expect(answer.detail!.note).toMatch(
    /^1,500 of 1,500 steps are folded into 1 row; [\d,]+ bars are merged where they lie less than 15 s apart; a narrower window shows more$/,
  );
});
