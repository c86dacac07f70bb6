import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Gantt } from '../../gantt/gantt.tsx';
import { staircase } from '../../gantt/staircase.ts';
import type { Domain } from '../../model/axis.ts';
import { dependentsOf } from '../../model/dependents.ts';
import type { History } from '../../model/eta.ts';
import { failureBeside, longestCritical } from '../../model/find-step.ts';
import type { LayoutOptions } from '../../model/layout.ts';
import { idleOf, type Overview } from '../../model/overview.ts';
import { formatCount } from '../../model/quantity.ts';
import { hasFailed } from '../../model/status.ts';
import { stepKeyAt } from '../../model/step-key.ts';
import { nameOf } from '../../model/steps.ts';
import { pressedAxis } from '../../model/time-axis.ts';
import type { Track } from '../../model/usage-tracks.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { useKeys } from '../../state/use-keys.ts';
import { WithPanel } from '../../ui/with-panel.tsx';
import { LazyTab } from './lazy-tab.tsx';
import { StepPanel } from './step-panel.tsx';
import type { Extent, wholeAt } from './timing.ts';
import { useLayout } from './use-layout.ts';
import { ViewBar } from './view-bar.tsx';
import type { ViewState } from './view-state.ts';

/** Of the whole axis: what a pressed stretch keeps. */
const pressedPart = 0.02;

interface Props {
  store: ExecutionStore;
  picture: Picture;
  view: ViewState;
  set(change: Partial<ViewState>): void;
  /** As `set`, and Back leads to what was. */
  push(change: Partial<ViewState>): void;
  /** Where the chosen step is told of. */
  panel: RefObject<HTMLDivElement | null>;
  toPanel(): void;
  /** Chooses a step that may be out of sight. */
  showKey(stepKey: string): void;
  failures: readonly number[];
  /** Of what the columns hold. */
  overview: Overview;
  tracks: readonly Track[];
  history: History | undefined;
  extent: Extent;
  scaleNow(): ReturnType<typeof wholeAt>;
}

/** The steps as chart, table, graph or JSON, with the chosen one beside them. */
export function StepsView({
  store,
  picture,
  view,
  set,
  push,
  panel,
  toPanel,
  showKey,
  failures,
  tracks,
  history,
  extent,
  scaleNow,
  ...of
}: Props) {
  const { announcer } = useConsole();
  const { execution, steps, index } = picture;
  const version = store.version.value;
  const path = store.path.value;
  const indexed = store.indexed.value;
  const { zeroNs } = extent;
  const { live, nowNs, domain } = scaleNow();

  const selected = (view.sel === '' ? undefined : index.get(view.sel)) ?? -1;
  // Of a large execution the columns hold the window that is looked at; the minimap goes on showing the whole.
  const kept = useRef(of.overview);
  if (steps.detail.whole || view.t === undefined) kept.current = of.overview;
  const overview = kept.current;
  const idle = useMemo(() => idleOf(overview), [overview]);
  const axis = useMemo(
    () => (view.idle && idle.length > 0 ? pressedAxis(idle, (extent.toNs - zeroNs) * pressedPart) : undefined),
    [view.idle, idle],
  );
  const bad = hasFailed(execution.status);
  const beginAt = useMemo(() => (bad ? failures[0] : undefined) ?? longestCritical(steps) ?? failures[0] ?? 0, [steps, bad]);
  const only: LayoutOptions['only'] = view.cp ? 'critical' : view.failed ? 'failed' : 'all';
  const { layout, toggle } = useLayout(picture, version, view.fold === 'on', only, selected);
  const stairs = useMemo(() => {
    const stretches = (path?.segments ?? []).map(({ stepKey, fromNs, toNs }) => ({
      row: stepKey === '' ? -1 : (index.get(stepKey) ?? -1),
      fromNs,
      toNs,
    }));
    return staircase(stretches, (row) => layout.entryOf[row] ?? -1, live);
  }, [path, layout, indexed, live]);
  const dependents = useMemo(() => dependentsOf(steps), [steps]);
  const chosen = useMemo(() => (selected < 0 ? [] : dependents(selected)), [selected, dependents, version]);
  const midnightNs = useMemo(() => midnightOf(execution.startedAtMs, zeroNs, steps.originNs), [execution.startedAtMs, zeroNs]);

  const input = useMemo(
    () => ({
      steps,
      layout,
      version,
      stairs,
      overview,
      tracks,
      axis,
      scaleNow,
      zeroNs: view.clock ? midnightNs : zeroNs,
      clock: view.clock ? (atNs: number) => clockOf(steps.originNs, atNs) : undefined,
      selected,
      dependents: chosen,
      eta: history && live ? { fromNs: zeroNs + history.p50Ns, toNs: zeroNs + history.p90Ns } : undefined,
    }),
    [picture, layout, version, stairs, overview, tracks, axis, view.clock, selected, chosen, history, live, extent],
  );

  const choose = (row: number): void => set({ sel: row < 0 ? '' : stepKeyAt(steps, row) });
  const showStep = (row: number): void => showKey(stepKeyAt(steps, row));
  const toFailure = (by: 1 | -1): boolean => {
    const next = failureBeside(failures, selected, by);
    if (next === undefined) return false;
    showStep(next);
    announcer.say(`${nameOf(steps, next)}, failure ${failures.indexOf(next) + 1} of ${failures.length}`);
    return true;
  };
  const back = (): boolean => {
    if (view.sel === '') return false;
    set({ sel: '' });
    document.querySelector<HTMLElement>('.gantt-row[tabindex="0"], .gantt-grid[tabindex="0"]')?.focus();
    return true;
  };
  useKeys({
    nextFailure: () => toFailure(1),
    previousFailure: () => toFailure(-1),
    criticalOnly: () => set({ cp: !view.cp, failed: false }),
    failuresOnly: () => failures.length > 0 && set({ failed: !view.failed, cp: false }),
    compressIdle: () => set({ idle: !view.idle }),
    explain: () => {
      if (selected < 0) choose(beginAt);
      requestAnimationFrame(() => document.getElementById('explain')?.focus());
    },
    back,
  });

  const viewNs: Domain | undefined = view.t && {
    fromNs: zeroNs + view.t.fromSeconds * 1e9,
    toNs: zeroNs + view.t.toSeconds * 1e9,
  };
  const writing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const onView = (next: Domain | undefined): void => {
    if (!steps.detail.whole) store.look(next, document.querySelector('.gantt-plot')?.clientWidth ?? 1_200);
    clearTimeout(writing.current);
    writing.current = setTimeout(() => {
      set({ t: next && { fromSeconds: (next.fromNs - zeroNs) / 1e9, toSeconds: (next.toNs - zeroNs) / 1e9 } });
    }, 250);
  };
  useEffect(() => () => clearTimeout(writing.current), []);
  const { detail } = steps;
  const entries = layout.count;
  const shownPart = detail.whole ? '' : `showing 1:${formatCount(Math.max(2, Math.round(detail.steps / Math.max(1, entries))))}`;
  const tabProps = { store, picture, layout, only, nowNs, zeroNs, selected, dependents, onSelect: choose, onOpen: toPanel };
  return (
    <>
      <ViewBar
        view={view}
        set={set}
        choose={(tab) => push({ tab })}
        failures={failures.length}
        whole={detail.whole}
        onFailure={toFailure}
        hasIdle={idle.length > 0}
        hasFolds={layout.folds.length > 0}
        detail={shownPart}
      />
      {detail.note !== '' && <p class="detail-words">{detail.note}</p>}
      <WithPanel
        label={selected < 0 ? 'The chosen step' : `Step ${nameOf(steps, selected)}`}
        panel={
          view.sel !== '' && (
            <StepPanel
              panel={panel}
              store={store}
              picture={picture}
              executionId={execution.id}
              stepKey={view.sel}
              zeroNs={zeroNs}
              onSelect={(sel) => set({ sel })}
              onClose={back}
            />
          )
        }
      >
        <div id="steps" role="tabpanel" aria-labelledby={`tab-${view.tab}`}>
          {view.tab === 'timeline' ? (
            <Gantt
              input={input}
              view={viewNs && clamp(viewNs, domain)}
              onView={onView}
              beginAt={beginAt}
              onSelect={choose}
              onToggle={toggle}
              onOpen={toPanel}
            />
          ) : (
            <LazyTab tab={view.tab} {...tabProps} />
          )}
        </div>
      </WithPanel>
    </>
  );
}

/** A link's part of the axis, as far as there is one. */
function clamp({ fromNs, toNs }: Domain, whole: Domain): Domain | undefined {
  const next = { fromNs: Math.max(whole.fromNs, fromNs), toNs: Math.min(whole.toNs, toNs) };
  return next.toNs > next.fromNs ? next : undefined;
}

const millisecondsAt = (originNs: bigint, atNs: number): number => Number(originNs / 1_000n) / 1e3 + atNs / 1e6;

/** The midnight before it started, in the reader's zone, so that marks stand at round times of day. */
function midnightOf(startedAtMs: number | undefined, zeroNs: number, originNs: bigint): number {
  const startMs = startedAtMs ?? millisecondsAt(originNs, zeroNs);
  const midnight = new Date(startMs);
  midnight.setHours(0, 0, 0, 0);
  return (midnight.getTime() - millisecondsAt(originNs, 0)) * 1e6;
}

function clockOf(originNs: bigint, atNs: number): string {
  const at = new Date(Math.round(millisecondsAt(originNs, atNs)));
  const ms = at.getMilliseconds();
  const time = at.toLocaleTimeString('en-GB');
  return ms === 0 ? time : `${time}.${String(ms).padStart(3, '0')}`;
}
