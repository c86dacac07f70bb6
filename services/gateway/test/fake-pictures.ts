import type { Handlers, PictureService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';

export type PictureHandlers = Handlers<(typeof PictureService)['method']>;

const startNs = 1_772_366_400_000_000_000n;
const bytes = (...values: number[]) => ({ form: { case: 'uint8' as const, value: Uint8Array.from(values) } });
const ints = (...values: number[]) => ({
  form: { case: 'int32' as const, value: new Uint8Array(Int32Array.from(values).buffer) },
});
const floats = (...values: number[]) => ({
  form: { case: 'float64' as const, value: new Uint8Array(Float64Array.from(values).buffer) },
});

/** Two rows, the second keyed by its span; three bars, the last of them open. Its tag is `4.9`. */
export function cannedPictures(): PictureHandlers {
  const known = (id: string): void => {
    if (id !== 'run-42') throw new Problem('not_found', `there is no execution ${JSON.stringify(id)}`);
  };
  return {
    getColumns: async ({ id, knownTag, keys }) => {
      known(id);
      await Promise.resolve();
      if (knownTag === '4.9') return { unchanged: true, tag: '4.9' };
      return {
        tag: '4.9',
        execution: { id, status: 'completed', startedAtNs: startNs },
        asOfNs: startNs + 9n,
        startNs,
        endNs: startNs + 9n,
        unitNs: 1_000_000n,
        templates: [{ before: 'plan' }, { before: 'step-', digits: 3, after: '' }],
        kinds: ['tool'],
        statuses: ['completed', 'running'],
        types: [
          { id: 0, name: -1, kind: 0 },
          { id: 1, name: -1, kind: 0 },
        ],
        places: [{ worker: 'w-1', pool: 'p' }],
        waitKinds: ['timer'],
        reasons: ['"why"'],
        flags: ['end_before_start', 'skew_clamped'],
        paths: [{ segments: ['a', 'b'] }],
        rows: {
          count: 2,
          type: bytes(0, 1),
          idNumber: bytes(0, 7),
          nameNumber: bytes(0, 0),
          status: bytes(0, 1),
          depth: bytes(0, 1),
          path: ints(-1, 0),
          iteration: bytes(0, 0),
          keyedBySpan: bytes(0, 1),
          ...(keys && { keys: Uint8Array.from({ length: 32 }, (_, i) => (i < 24 ? i : 0)) }),
        },
        bars: {
          count: 3,
          row: bytes(0, 0, 1),
          attempt: bytes(1, 2, 1),
          status: bytes(0, 0, 1),
          at: ints(0, 70_000, -3),
          ready: floats(0, Number.NaN, Number.NaN),
          queued: floats(1, Number.NaN, Number.NaN),
          start: floats(7, 0, 0),
          end: floats(5_000_000_000, 4, Number.NaN),
          place: bytes(0, 0, 0),
          flags: bytes(2, 0, 0),
          critical: bytes(1, 0, 1),
        },
        waits: { count: 1, bar: bytes(1), kind: bytes(0), from: bytes(1), to: floats(Number.NaN), reason: bytes(0) },
        dependencies: { count: 1, perRow: bytes(0, 1), back: bytes(1) },
        folds: { count: 0, row: bytes(), steps: bytes(), failed: bytes(), critical: bytes() },
        runs: { count: 0, bar: bytes(), bars: bytes(), covered: bytes() },
        usage: { count: 1, bar: bytes(2), cpu: ints(70_000), memory: bytes(12), tokens: bytes(9), cost: floats(5_000_000_000) },
        detail: { whole: true, steps: 2, bars: 3, note: 'x'.repeat(2000) },
      };
    },
    getSvg: async ({ id, knownTag }) => {
      known(id);
      await Promise.resolve();
      return knownTag === '4.9'
        ? { unchanged: true, tag: '4.9' }
        : { tag: '4.9', svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
    },
  };
}
