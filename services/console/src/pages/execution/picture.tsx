import { useMemo } from 'preact/hooks';
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
import { useNextTask } from './use-next-task.ts';
import { useTracks } from './use-tracks.ts';
import { viewParameters } from './view-state.ts';

/** Rows of more than so many are laid out in a task of their own, after what stands above them. */
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
  const overview = useMemo(
    () => overviewOf(steps, zeroNs, Math.max(extent.toNs, nowNs), nowNs),
    [steps, version, zeroNs, extent.toNs, second],
  );
  const tracks = useTracks(steps, store.calm.value, second, () => scaleNow().nowNs, view.t !== undefined);
  const failures = useMemo(() => failuresOf(steps), [steps, store.calm.value]);
  const choose = (row: number): void => set({ sel: row < 0 ? '' : stepKeyAt(steps, row) });
  const pathProblem = store.pathProblem.value;
  const chartNow = useNextTask(steps.rows.count > mostAtOnce);
  return (
    <>
      <HatchPatterns />
      <Summary store={store} picture={picture} failures={failures} onSelect={choose} />
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
      ) : chartNow ? (
        <StepsView
          {...{ store, picture, view, set, push, choose, failures, tracks, history, extent, scaleNow }}
          overview={overview}
        />
      ) : (
        <Skeleton what="the chart" heights={[30, 420]} />
      )}
    </>
  );
}
