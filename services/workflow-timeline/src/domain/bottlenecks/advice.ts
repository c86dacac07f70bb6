import type { Segment } from '../critical-path/segment.ts';
import type { Span } from '../execution.ts';
import { parentPlaces } from '../step-edges.ts';
import { stepPieces } from '../step-pieces.ts';
import type { StepTimes } from '../step-times.ts';
import type { TimelineRow } from '../timeline.ts';

const manySteps = 50;
const leastShare = 0.1;

/**
 * Whether the execution is bound by overhead: many steps that together ran for less than the makespan, while at least a tenth of
 * the critical path went to waiting to be started (orchestration, queue, unknown). More at once would win little then.
 *
 * @param times  by row
 * @returns a sentence, or an empty text
 */
export function overheadAdvice(
  rows: readonly TimelineRow[],
  times: readonly (StepTimes | undefined)[],
  path: readonly Segment[],
  span: Span,
): string {
  const outer = new Set(parentPlaces(rows));
  let count = 0;
  let ranNs = 0n;
  rows.forEach((row, place) => {
    const of = times[place];
    if (of === undefined || outer.has(place)) return;
    count++;
    for (const { kind, startNs, endNs } of stepPieces(row, { fromNs: of.startNs, endNs: of.endNs })) {
      if (kind === 'run') ranNs += endNs - startNs;
    }
  });
  const makespanNs = span.endNs - span.startNs;
  if (count < manySteps || ranNs >= makespanNs) return '';
  const overheadNs = path
    .filter(({ kind }) => kind === 'orchestration' || kind === 'queue' || kind === 'unknown')
    .reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0n);
  if (Number(overheadNs) < leastShare * Number(makespanNs)) return '';
  return (
    `its ${count} steps ran ${seconds(ranNs)} in all, less than the ${seconds(makespanNs)} it took, and ${seconds(overheadNs)} of the ` +
    'critical path went to getting steps started: more at once would win little; let one step do the work of several (batching)'
  );
}

function seconds(ns: bigint): string {
  return `${Number((Number(ns) / 1e9).toPrecision(3))} s`;
}
