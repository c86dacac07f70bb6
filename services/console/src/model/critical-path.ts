import type { GetCriticalPathResponseJson } from '@tmws/contracts/timeline';
import { since } from './timeline.ts';

export interface Segment {
  /** Empty where no step accounts for the time. */
  stepKey: string;
  stepId: string;
  attempt: number;
  kind: string;
  fromNs: number;
  toNs: number;
  reason: string;
}

export interface CriticalPath {
  makespanNs: number;
  segments: readonly Segment[];
  nsByKind: Readonly<Record<string, number>>;
}

export interface Share {
  kind: string;
  ns: number;
  /** Of the makespan, 0 to 1. */
  part: number;
}

export function readCriticalPath(json: GetCriticalPathResponseJson, originNs: bigint): CriticalPath {
  return {
    makespanNs: Number(json.makespanNs ?? 0),
    segments: (json.segments ?? []).map((each) => ({
      stepKey: each.stepKey ?? '',
      stepId: each.stepId ?? '',
      attempt: each.attempt ?? 0,
      kind: each.kind ?? 'unknown',
      fromNs: since(originNs, each.startNs ?? String(originNs)),
      toNs: since(originNs, each.endNs ?? String(originNs)),
      reason: each.reason ?? '',
    })),
    nsByKind: Object.fromEntries(Object.entries(json.nsByKind ?? {}).map(([kind, ns]) => [kind, Number(ns)])),
  };
}

/** Where the time went, largest first; kinds that took none are left out. */
export function sharesOf({ makespanNs, nsByKind }: CriticalPath): Share[] {
  return Object.entries(nsByKind)
    .filter(([, ns]) => ns > 0)
    .map(([kind, ns]) => ({ kind, ns, part: makespanNs > 0 ? ns / makespanNs : 0 }))
    .sort((a, b) => b.ns - a.ns);
}

/** The path's segments by the row they lie on; those on no row are left out. */
export function segmentsByStep(segments: readonly Segment[]): Map<string, Segment[]> {
  const byStep = new Map<string, Segment[]>();
  for (const segment of segments) {
    if (segment.stepKey === '') continue;
    const list = byStep.get(segment.stepKey);
    if (list === undefined) byStep.set(segment.stepKey, [segment]);
    else list.push(segment);
  }
  return byStep;
}

/** `38 %`; less than half a percent, but not nothing, is `<1 %`. */
export function formatPart(part: number): string {
  const percent = Math.round(part * 100);
  return percent === 0 && part > 0 ? '<1 %' : `${percent} %`;
}
