// What is kept of all steps of an execution while it changes, so that a change costs what changed and not the whole.
import type { Attempt } from './attempt.ts';
import { nestingOf } from './nesting.ts';
import { barsOf, rowOf, stepsOf, type TimelineRow } from './timeline.ts';

type Placed = Pick<Attempt, 'step' | 'span'>;

export interface KnownSteps {
  /**
   * @param attempts  all of each step that changed
   * @returns         the rows of those steps as `timelineRows` of the whole would have them, parents first; undefined where another step lies
   *                  elsewhere because of them, so that the whole has to be looked at
   */
  change(attempts: readonly Attempt[]): readonly TimelineRow[] | undefined;
}

export function knownSteps(all: readonly Attempt[]): KnownSteps {
  const places = new Map<string, number>();
  const keys: string[] = [];
  const steps: Placed[][] = [];
  /** @returns whether where steps lie may be another matter now */
  const take = (tries: readonly Attempt[]): boolean => {
    const stepKey = tries[0]?.step.stepKey ?? '';
    const place = places.get(stepKey) ?? steps.length;
    const before = steps[place];
    if (before === undefined) places.set(stepKey, keys.push(stepKey) - 1);
    steps[place] = tries.map(({ step, span }) => ({ step, span }));
    return before === undefined || spansOf(before) !== spansOf(tries);
  };
  for (const tries of stepsOf(all)) take(tries);
  let nesting = nestingOf(steps);

  return {
    change(attempts) {
      const changed = stepsOf(attempts);
      // Each is taken in: the first that matters is no reason to leave the others out.
      const matters = changed.filter(take).length > 0;
      const before = nesting.parents;
      if (matters) nesting = nestingOf(steps);
      const triesAt: (readonly Attempt[])[] = [];
      const bars: (readonly TimelineRow['bars'][number][])[] = [];
      const own = changed.map((tries) => {
        const place = places.get(tries[0]?.step.stepKey ?? '') ?? -1;
        triesAt[place] = tries;
        bars[place] = barsOf(tries);
        return place;
      });
      const { parents } = nesting;
      for (let place = 0; matters && place < before.length; place++)
        if (parents[place] !== before[place] && triesAt[place] === undefined) return undefined;
      const depthOf = (place: number): number => {
        let depth = 0;
        for (let at = parents[place] ?? -1; at !== -1; at = parents[at] ?? -1) depth++;
        return depth;
      };
      return own
        .map((place) => rowOf(place, depthOf(place), { steps: triesAt, keys, bars, nesting }))
        .sort((a, b) => a.depth - b.depth);
    },
  };
}

const spansOf = (tries: readonly Placed[]): string =>
  tries.map(({ span }) => (span === undefined ? '' : `${span.id} ${span.parentId} ${span.kind}`)).join();
