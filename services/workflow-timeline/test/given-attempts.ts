// Attempts written short, for tests of the domain. Times are whole seconds.
import type { Attempt, StepStatus } from '../src/domain/attempt.ts';
import type { Dependency, Wait } from '../src/domain/fact.ts';
import { stepKeyOf } from '../src/domain/step-key.ts';
import { type TimelineRow, timelineRows } from '../src/domain/timeline.ts';

export interface Given {
  readonly id: string;
  readonly name?: string;
  readonly kind?: string;
  readonly status?: StepStatus;
  readonly path?: readonly string[];
  readonly attempt?: number;
  readonly ready?: number | undefined;
  readonly queued?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly after?: readonly string[];
  readonly waits?: readonly (readonly [kind: string, from: number, to: number])[];
  /** pool, or pool/worker. */
  readonly on?: string | undefined;
}

export const second = 1_000_000_000n;
export const ns = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));
const optionalNs = (seconds: number | undefined): bigint | undefined => (seconds === undefined ? undefined : ns(seconds));

export function attemptOf(given: Given): Attempt {
  const { id, name = '', kind = '', path = [], attempt = 1, ready, queued, start, end, after = [], waits = [], on } = given;
  const [pool = '', worker = ''] = on?.split('/') ?? [];
  return {
    step: { stepKey: stepKeyOf(path, id, 0), stepId: id, path, iteration: 0 },
    attempt,
    status: given.status ?? (end !== undefined ? 'completed' : start !== undefined ? 'running' : 'queued'),
    name,
    span: undefined,
    kind,
    readyNs: optionalNs(ready),
    queuedNs: optionalNs(queued),
    startNs: optionalNs(start),
    endNs: optionalNs(end),
    waits: waits.map(([of, from, to]): Wait => ({ kind: of, fromNs: ns(from), toNs: ns(to), reason: '' })),
    dependsOn: after.map((stepId): Dependency => ({ stepId, kind: 'data', path: undefined, iteration: undefined })),
    resource: on === undefined ? undefined : { pool, worker, cores: 1 },
    usage: undefined,
    error: undefined,
  };
}

export const rowsOf = (given: readonly Given[]): TimelineRow[] => timelineRows(given.map(attemptOf));
export const spanTo = (to: number, from = 0) => ({ startNs: ns(from), endNs: ns(to) });
