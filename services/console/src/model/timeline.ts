// An execution's rows as this page keeps them: times are numbers of ns after an origin, exact up to 104 days away from it.
import type { AttemptBarJson, TimelineRowJson } from '@tmws/contracts/timeline';
import { readFailure, type StepFailure } from './execution.ts';

export interface Wait {
  kind: string;
  fromNs: number;
  /** Absent: it still waits. */
  toNs: number | undefined;
  reason: string;
}

export interface Attempt {
  attempt: number;
  status: string;
  readyNs: number | undefined;
  queuedNs: number | undefined;
  startNs: number | undefined;
  endNs: number | undefined;
  waits: readonly Wait[];
  worker: string;
  pool: string;
  error: StepFailure | undefined;
  flags: readonly string[];
  usage: { cpuSeconds: number; memoryBytes: number; tokens: number; costUsd: number } | undefined;
}

export interface Row {
  stepKey: string;
  stepId: string;
  name: string;
  kind: string;
  path: readonly string[];
  iteration: number;
  parentStepKey: string;
  depth: number;
  status: string;
  attempts: readonly Attempt[];
  dependsOn: readonly string[];
}

/** ns since the epoch as the wire writes them, to ns after `originNs`. */
export const since = (originNs: bigint, ns: string): number => Number(BigInt(ns) - originNs);
const maybeSince = (originNs: bigint, ns: string | undefined): number | undefined =>
  ns === undefined ? undefined : since(originNs, ns);

export function readRow(json: TimelineRowJson, originNs: bigint): Row {
  return {
    stepKey: json.stepKey ?? '',
    stepId: json.stepId ?? '',
    name: json.name || json.stepId || '',
    kind: json.kind ?? '',
    path: json.path ?? [],
    iteration: json.iteration ?? 0,
    parentStepKey: json.parentStepKey ?? '',
    depth: json.depth ?? 0,
    status: json.status ?? 'unknown',
    attempts: (json.attempts ?? []).map((each) => readAttempt(each, originNs)),
    dependsOn: json.dependsOn ?? [],
  };
}

function readAttempt(json: AttemptBarJson, originNs: bigint): Attempt {
  return {
    attempt: json.attempt ?? 1,
    status: json.status ?? 'unknown',
    readyNs: maybeSince(originNs, json.readyNs),
    queuedNs: maybeSince(originNs, json.queuedNs),
    startNs: maybeSince(originNs, json.startNs),
    endNs: maybeSince(originNs, json.endNs),
    waits: (json.waits ?? []).map(({ kind, fromNs, toNs, reason }) => ({
      kind: kind ?? 'unknown',
      fromNs: since(originNs, fromNs ?? String(originNs)),
      toNs: maybeSince(originNs, toNs),
      reason: reason ?? '',
    })),
    worker: json.worker ?? '',
    pool: json.pool ?? '',
    error: readFailure(json.error),
    flags: json.flags ?? [],
    usage: json.usage && {
      cpuSeconds: Number(json.usage.cpuSeconds ?? 0),
      memoryBytes: Number(json.usage.memoryBytes ?? 0),
      tokens: Number(json.usage.tokens ?? 0),
      costUsd: Number(json.usage.costUsd ?? 0),
    },
  };
}
