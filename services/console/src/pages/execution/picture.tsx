import { useMemo, useRef } from 'preact/hooks';
import { tells } from '../../model/eta.ts';
import { isGrowing } from '../../model/execution.ts';
import { failuresOf } from '../../model/find-step.ts';
import { overviewOf } from '../../model/overview.ts';
import { stepKeyAt } from '../../model/step-key.ts';
import { paidFor } from '../../model/usage-words.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { HatchPatterns } from '../../ui/hatches.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Corrections } from './corrections.tsx';
import { CriticalPathBar, CriticalPathRoom } from './critical-path-bar.tsx';
import { Facts } from './facts.tsx';
import { NoStepYet } from './no-step-yet.tsx';
import { OriginNote } from './origin-note.tsx';
import { StepsView } from './steps-view.tsx';
import { Summary } from './summary.tsx';
import { extentOf, wholeAt } from './timing.ts';
import { useLaterTasks } from './use-later-tasks.ts';
import { useTracks } from './use-tracks.ts';
import { viewParameters } from './view-state.ts';

/** Of more rows than this the overview is made in a task of its own, after the words, and the chart in one after that. */
const mostAtOnce = 10_000;

/** Everything of an execution that is known: in words, as one bar, as a chart, and the chosen step in detail. */
export function ExecutionPicture({ store, picture }: { store: ExecutionStore; picture: Picture }) {
  const { clock } = useConsole();
  const { state: view, set, push } = useUrlState(viewParameters);
  const { execution, steps } = picture;
  const version = store.version.value;
  const path = store.path.value;
  const history = tells(store.history.value) ? store.history.value : undefined;
  const extent = useMemo(() => extentOf(picture), [steps, version, isGrowing(execution)]);
  const { zeroNs } = extent;
  const scaleNow = () => wholeAt(picture, extent, history, clock.nowMs());
  const { live, nowNs } = scaleNow();
  // Open bars grow, also while nothing is told.
  const second = live ? clock.seconds.value : 0;
  const done = useLaterTasks(2, steps.rows.count > mostAtOnce);
  const overview = useMemo(
    () => (done === 0 ? undefined : overviewOf(steps, zeroNs, Math.max(extent.toNs, nowNs), nowNs)),
    [steps, version, zeroNs, extent.toNs, second, done === 0],
  );
  const tracks = useTracks(steps, store.calm.value, second, () => scaleNow().nowNs, view.t !== undefined);
  const failures = useMemo(() => failuresOf(steps), [steps, store.calm.value]);
  const selectKey = (sel: string): void => set({ sel });
  const panel = useRef<HTMLDivElement>(null);
  const toPanel = (): void => void requestAnimationFrame(() => panel.current?.focus());
  // Chosen from afar: where the details are below what is seen, the reader is brought to them.
  const showKey = (sel: string): void => {
    selectKey(sel);
    requestAnimationFrame(() => isBelowSight(panel.current) && toPanel());
  };
  const pathProblem = store.pathProblem.value;
  return (
    <>
      <HatchPatterns />
      <Summary
        store={store}
        picture={picture}
        failures={failures}
        onSelect={(row) => showKey(stepKeyAt(steps, row))}
        onSelectKey={showKey}
      />
      <Facts execution={execution} used={paidFor(tracks)} />
      <OriginNote execution={execution} />
      <Corrections steps={steps} version={store.calm.value} />
      {path !== undefined && steps.rows.count > 0 && <CriticalPathBar path={path} live={live} />}
      {path === undefined && pathProblem === undefined && steps.rows.count > 0 && <CriticalPathRoom />}
      {pathProblem !== undefined && (
        <ProblemNote
          problem={pathProblem}
          what="The critical path"
          stale={path !== undefined}
          stillWorks="The chart and the steps are right without it."
          retry={() => void store.loadPath()}
        />
      )}
      {steps.rows.count === 0 ? (
        <NoStepYet execution={execution} />
      ) : overview !== undefined && done > 1 ? (
        <StepsView
          {...{ store, picture, view, set, push, panel, toPanel, showKey, failures, overview, tracks, history, extent, scaleNow }}
        />
      ) : (
        <Skeleton what="the chart" heights={[30, 420]} />
      )}
    </>
  );
}

/** Less than this of the top is not seen as something to read. */
const leastSeenPx = 120;

function isBelowSight(element: HTMLElement | null): boolean {
  return element !== null && element.getBoundingClientRect().top > innerHeight - leastSeenPx;
}
