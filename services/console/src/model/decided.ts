// What decided how long an execution took: one step, or many of one kind together.
import type { GetBottlenecksResponseJson } from '@tmws/contracts/timeline';
import type { CriticalPath } from './critical-path.ts';

/** A step and the time that is told of it, ns, also as part of the makespan. */
export interface TimedStep {
  readonly stepKey: string;
  readonly name: string;
  readonly ns: number;
  readonly part: number;
}

export interface Deciding {
  /** Steps of one kind or name that decide more together than any step alone: without them the execution takes `ns` less. */
  readonly group:
    | { readonly by: 'kind' | 'name'; readonly value: string; readonly steps: number; readonly ns: number; readonly part: number }
    | undefined;
  /** The step without which the most is won, and what could be done about it. */
  readonly step: TimedStep & { readonly reason: string };
  /** The step with the most time on the critical path, unless `step` says that by itself. */
  readonly longest: TimedStep | undefined;
}

/** Where steps run side by side, without one of them the next decides: what they decide together is told from so many times the best step's on. */
const leastTimes = 2;

/** Undefined when no step decides anything. */
export function decidedBy(found: GetBottlenecksResponseJson, path: CriticalPath | undefined): Deciding | undefined {
  const makespanNs = Number(found.makespanNs ?? 0);
  const best = found.steps?.[0];
  const bestNs = Number(best?.dragNs ?? 0);
  if (best === undefined || bestNs <= 0 || makespanNs <= 0) return undefined;
  const timed = (stepKey: string, name: string, ns: number): TimedStep => ({ stepKey, name, ns, part: ns / makespanNs });
  const nameOf = (stepKey: string): string => {
    const known = found.steps?.find((each) => each.stepKey === stepKey);
    return known?.name || known?.stepId || path?.segments.find((each) => each.stepKey === stepKey)?.stepId || '';
  };
  const step = { ...timed(best.stepKey ?? '', best.name || best.stepId || '', bestNs), reason: best.feasibility?.reason ?? '' };
  const group = groupOf(found, bestNs, makespanNs);
  const [key, ns] = longestOn(path);
  const told = group === undefined && key === step.stepKey && bestNs * 2 >= ns;
  return { group, step, longest: key === '' || told ? undefined : timed(key, nameOf(key), ns) };
}

function groupOf({ types = [] }: GetBottlenecksResponseJson, bestNs: number, makespanNs: number): Deciding['group'] {
  const groups = types
    .filter(({ steps = 0, value = '', dragNs }) => steps > 1 && value !== '' && Number(dragNs ?? 0) >= bestNs * leastTimes)
    // A name is seen in the chart, a kind is not.
    .toSorted((a, b) => Number(b.dragNs) - Number(a.dragNs) || Number(b.by === 'name') - Number(a.by === 'name'));
  const [most] = groups;
  if (most === undefined) return undefined;
  const ns = Number(most.dragNs);
  return { by: most.by === 'name' ? 'name' : 'kind', value: most.value ?? '', steps: most.steps ?? 0, ns, part: ns / makespanNs };
}

/** The step with the most time on the path; an empty key when no step has any. */
function longestOn(path: CriticalPath | undefined): [stepKey: string, ns: number] {
  const byStep = new Map<string, number>();
  for (const { stepKey, fromNs, toNs } of path?.segments ?? [])
    if (stepKey !== '') byStep.set(stepKey, (byStep.get(stepKey) ?? 0) + toNs - fromNs);
  let longest: [string, number] = ['', 0];
  for (const entry of byStep) if (entry[1] > longest[1]) longest = entry;
  return longest;
}
