import { useMemo, useRef } from 'preact/hooks';
import { Gantt } from '../../gantt/gantt.tsx';
import { type Domain, growingEnd } from '../../model/axis.ts';
import { isGrowing } from '../../model/execution.ts';
import { extentOf } from '../../model/rows.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { HatchPatterns } from '../../ui/hatches.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { CriticalPathBar } from './critical-path-bar.tsx';
import { Facts } from './facts.tsx';
import { OriginNote } from './origin-note.tsx';
import { StepPanel } from './step-panel.tsx';
import { Summary } from './summary.tsx';

/** Room on the axis after the end, as part of its length. */
const endRoom = 0.02;

/** Everything of an execution that is known: in words, as one bar, as a chart, and the chosen step in detail. */
export function ExecutionPicture({ store, picture }: { store: ExecutionStore; picture: Picture }) {
  const { router, clock } = useConsole();
  const { execution, rows } = picture;
  const path = store.path.value;
  const live = isGrowing(execution);
  // While it runs this is drawn anew each second; the chart's bars grow faster, by themselves.
  const nowMs = live ? clock.seconds.value : clock.nowMs();

  const startNs = execution.startedAtNs === undefined ? undefined : Number(execution.startedAtNs - picture.originNs);
  const extent = useMemo(() => extentOf(rows), [rows]);
  const zeroNs = Math.min(startNs ?? Infinity, extent?.fromNs ?? Infinity, live || extent !== undefined ? Infinity : 0);
  const fromNs = Number.isFinite(zeroNs) ? zeroNs : 0;
  const scaleNow = (): { domain: Domain; nowNs: number; live: boolean } => {
    const nowNs = picture.asOfNs + (clock.nowMs() - picture.asOfMs) * 1e6;
    const knownNs = Math.max(extent?.toNs ?? fromNs, fromNs + (execution.makespanNs ?? 0), fromNs + 1);
    const toNs = live ? growingEnd({ fromNs, toNs: Math.max(knownNs, nowNs) }) : fromNs + (knownNs - fromNs) * (1 + endRoom);
    const domain = { fromNs, toNs };
    return { domain, nowNs, live };
  };

  const selectedKey = router.search.value.get('sel') ?? '';
  const select = (sel: string): void => router.set({ sel });
  const selected = useMemo(() => rows.find(({ stepKey }) => stepKey === selectedKey), [rows, selectedKey]);
  const panel = useRef<HTMLElement>(null);
  const back = (): void => {
    select('');
    document.querySelector<HTMLElement>('.gantt-grid')?.focus();
  };
  const pathProblem = store.pathProblem.value;
  return (
    <>
      <HatchPatterns />
      <Summary execution={execution} rows={rows} path={path} nowMs={nowMs} onSelect={select} />
      <Facts execution={execution} />
      <OriginNote execution={execution} />
      {path !== undefined && <CriticalPathBar path={path} live={live} />}
      {pathProblem !== undefined && (
        <ProblemNote
          problem={pathProblem}
          what="The critical path"
          stale={path !== undefined}
          retry={() => void store.loadPath()}
        />
      )}
      {rows.length === 0 ? (
        <section class="notice">
          <h2>No step yet</h2>
          <p>The execution is known, none of its steps is.{live && ' They show here as they come.'}</p>
        </section>
      ) : (
        <div class={selected === undefined ? 'chart' : 'chart with-panel'}>
          <Gantt
            rows={rows}
            segments={path?.segments ?? []}
            scaleNow={scaleNow}
            zeroNs={fromNs}
            selectedKey={selectedKey}
            onSelect={select}
            onOpen={() => panel.current?.focus()}
          />
          {selected !== undefined && (
            <StepPanel
              panel={panel}
              row={selected}
              rows={rows}
              segments={path?.segments ?? []}
              scale={{ ...scaleNow(), widthPx: 1 }}
              zeroNs={fromNs}
              onSelect={select}
              onClose={back}
            />
          )}
        </div>
      )}
    </>
  );
}
