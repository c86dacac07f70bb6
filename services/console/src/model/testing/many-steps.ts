import type { AttemptBarJson } from '@tmws/contracts/timeline';
import { patcherOf } from '../patch-steps.ts';
import { readColumns } from '../columns.ts';
import { indexKeys } from '../step-key.ts';
import type { Steps } from '../steps.ts';

export interface Given {
  readonly name: string;
  /** Place in the list; also of one that comes later. */
  readonly parent?: number;
  readonly status?: string;
  readonly critical?: boolean;
  readonly startNs?: number;
  readonly endNs?: number;
  readonly readyNs?: number;
  /** Places in the list, of earlier ones. */
  readonly on?: readonly number[];
  readonly usage?: AttemptBarJson['usage'];
  /** From and to, ns. */
  readonly waits?: readonly (readonly [number, number])[];
}

export const keyAt = (row: number): string => row.toString(16).padStart(32, '0');

/** Columns of an execution of which nothing is known. */
export const noSteps = (): Steps => {
  const none = { count: 0 } as never;
  return readColumns({
    asOfNs: '0',
    startNs: '0',
    endNs: '0',
    unitNs: '1',
    templates: [],
    kinds: [],
    statuses: [],
    types: [],
    places: [],
    waitKinds: [],
    reasons: [],
    flags: [],
    paths: [],
    rows: none,
    bars: none,
    waits: none,
    dependencies: none,
    folds: none,
    runs: none,
    detail: { whole: true, steps: 0, note: '' },
  });
};

/** Columns of these steps, as a stream would have told them. */
export function manySteps(given: readonly Given[]): Steps {
  const steps = noSteps();
  const patcher = patcherOf(steps, indexKeys(steps));
  patcher.apply(
    given.map(({ name, parent, status = 'completed', startNs, endNs, readyNs, on = [], usage, waits = [] }, row) => ({
      stepKey: keyAt(row),
      stepId: name,
      status,
      ...(parent !== undefined && { parentStepKey: keyAt(parent) }),
      dependsOn: on.map(keyAt),
      attempts: [
        {
          attempt: 1,
          status,
          ...(readyNs !== undefined && { readyNs: String(readyNs) }),
          ...(startNs !== undefined && { startNs: String(startNs) }),
          ...(endNs !== undefined && { endNs: String(endNs) }),
          ...(usage !== undefined && { usage }),
          waits: waits.map(([from, to]) => ({ kind: 'rate_limit', fromNs: String(from), toNs: String(to), reason: '' })),
        },
      ],
    })),
  );
  for (const [row, { critical }] of given.entries()) steps.rows.critical[row] = critical === true ? 1 : 0;
  return steps;
}
