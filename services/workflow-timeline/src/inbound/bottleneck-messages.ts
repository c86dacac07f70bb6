import { Problem } from '@tmws/problems';
import type { Bottlenecks, StepDrag } from '../domain/bottlenecks.ts';

const defaultSteps = 50;
const maxSteps = 1000;

/** How many steps were asked for. @throws Problem `invalid` above 1000 */
export function stepLimit(limit: number): number {
  if (limit <= maxSteps) return limit === 0 ? defaultSteps : limit;
  throw new Problem('invalid', `limit must be 1 to ${maxSteps}, or 0 for ${defaultSteps} (got ${limit})`, { field: 'limit' });
}

/** tmws.timeline.v1.GetBottlenecksResponse */
export function bottlenecksMessage(found: Bottlenecks, makespanNs: bigint, asOfNs: bigint) {
  const { criticalLengthNs, unknownShare, refusal, steps, types } = found;
  return {
    makespanNs,
    asOfNs,
    criticalLengthNs,
    unknownShare,
    refusal,
    steps: steps.map(stepMessage),
    types: types.map((type) => ({ ...type })),
  };
}

function stepMessage({ row, durationNs, dragNs, slackNs, onCriticalPath, feasibility: { word, waitKind, reason } }: StepDrag) {
  return {
    stepKey: row.step.stepKey,
    stepId: row.step.stepId,
    name: row.name,
    kind: row.kind,
    durationNs,
    dragNs,
    slackNs,
    onCriticalPath,
    feasibility: { word, waitKind: waitKind ?? '', reason },
  };
}
