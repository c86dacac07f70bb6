import { Problem } from '@tmws/problems';
import type { Bottlenecks, StepDrag, StragglerDrag } from '../domain/bottlenecks/bottlenecks.ts';

const defaultSteps = 50;
const maxSteps = 1000;

/** How many steps were asked for. @throws Problem `invalid` above 1000 */
export function stepLimit(limit: number): number {
  if (limit <= maxSteps) return limit === 0 ? defaultSteps : limit;
  throw new Problem('invalid', `limit must be 1 to ${maxSteps}, or 0 for ${defaultSteps} (got ${limit})`, { field: 'limit' });
}

/** tmws.timeline.v1.GetBottlenecksResponse */
export function bottlenecksMessage(found: Bottlenecks, makespanNs: bigint, asOfNs: bigint) {
  const { criticalLengthNs, unknownShare, refusal, steps, types, stragglers, advice } = found;
  return {
    makespanNs,
    asOfNs,
    criticalLengthNs,
    unknownShare,
    refusal,
    steps: steps.map(stepDragMessage),
    types: types.map((type) => ({ ...type })),
    stragglers: stragglers.map(stragglerMessage),
    advice,
  };
}

/** tmws.timeline.v1.StepDrag */
export function stepDragMessage({ row, durationNs, dragNs, slackNs, resource, onCriticalPath, feasibility }: StepDrag) {
  const { word, waitKind, reason } = feasibility;
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
    resourceDragNs: resource?.dragNs,
    resourceSlackNs: resource?.slackNs,
  };
}

/** tmws.timeline.v1.Straggler */
export function stragglerMessage({ row, dragNs, by, siblings, medianNs, durationNs, excessNs, z, running }: StragglerDrag) {
  const { stepKey, stepId } = row.step;
  const { name, kind } = row;
  const noImpact = dragNs === 0n;
  return { stepKey, stepId, name, kind, by, siblings, medianNs, durationNs, excessNs, z, running, dragNs, noImpact };
}
