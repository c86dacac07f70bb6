// The chart in the page: its parts, its keys, and what draws it. Names are a treegrid of the rows in sight; bars are a canvas over just those.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Domain } from '../model/axis.ts';
import { formatCount } from '../model/quantity.ts';
import { useConsole } from '../state/console.ts';
import { useKeys } from '../state/use-keys.ts';
import { type Chart, type ChartInput, createChart } from './chart.ts';
import { gesturesOn } from './gestures.ts';
import { keepGrowing } from './growth.ts';
import { brushOn } from './minimap.ts';
import { narrow } from './scene.ts';
import { type Pointed, Tooltip } from './tooltip.tsx';
import { TrackRows } from './track-rows.tsx';
import { ZoomButtons } from './zoom-buttons.tsx';

interface Props {
  input: ChartInput;
  /** The part of the axis the address asks for; undefined = the whole. */
  view: Domain | undefined;
  onView(view: Domain | undefined): void;
  /** The row to begin at: the first failure, or the longest critical step. */
  beginAt: number;
  onSelect(row: number): void;
  /** Opens or closes what stands below an entry. */
  onToggle(entry: number, open: boolean): void;
  /** Enter on a row: to its details. */
  onOpen(): void;
}

const zoomStep = 1.6;
const panStep = 0.2;

export function Gantt({ input, view, onView, beginAt, onSelect, onToggle, onOpen }: Props) {
  const { theming } = useConsole();
  const refs = {
    root: useRef<HTMLDivElement>(null),
    grid: useRef<HTMLDivElement>(null),
    space: useRef<HTMLDivElement>(null),
    plot: useRef<HTMLDivElement>(null),
    bars: useRef<HTMLCanvasElement>(null),
    axis: useRef<HTMLCanvasElement>(null),
    minimap: useRef<HTMLCanvasElement>(null),
    track: useRef<HTMLCanvasElement>(null),
    tracks: useRef<HTMLCanvasElement>(null),
    cursor: useRef<HTMLDivElement>(null),
    range: useRef<HTMLDivElement>(null),
  };
  const chart = useRef<Chart | undefined>(undefined);
  const latest = useRef({ input, onView, onSelect, onToggle });
  latest.current = { input, onView, onSelect, onToggle };
  const pointed = useSignal<Pointed | undefined>(undefined);
  const { live } = input.scaleNow();

  /** The middle of the chosen step, to zoom in on; nothing where none is chosen. */
  const centre = (): number | undefined => {
    const { steps, selected } = latest.current.input;
    const [first, last] = [steps.rows.first[selected] ?? Infinity, steps.rows.last[selected] ?? -Infinity];
    return selected >= 0 && first <= last ? (first + last) / 2 : undefined;
  };
  useLayoutEffect(() => {
    const found = Object.fromEntries(Object.entries(refs).map(([name, { current }]) => [name, current]));
    const parts = found as { [Name in keyof typeof refs]: NonNullable<(typeof refs)[Name]['current']> };
    const made = createChart(parts, (next) => latest.current.onView(next));
    chart.current = made;
    const ungesture = gesturesOn(
      parts,
      made,
      () => latest.current.input,
      (next) => (pointed.value = next),
    );
    const strip = parts.minimap.parentElement ?? parts.minimap;
    const unbrush = brushOn(
      strip,
      () => ({ whole: latest.current.input.scaleNow().domain, view: made.view, widthPx: strip.clientWidth }),
      (next) => made.setView(next),
    );
    const untheme = theming.theme.subscribe(() => made.recolour());
    return () => {
      untheme();
      unbrush();
      ungesture();
      made.close();
    };
  }, []);
  useLayoutEffect(() => chart.current?.show(input), [input]);
  useLayoutEffect(() => {
    const now = chart.current?.view;
    if (now?.fromNs !== view?.fromNs || now?.toNs !== view?.toNs) chart.current?.setView(view);
  }, [view?.fromNs, view?.toNs]);
  useLayoutEffect(() => {
    const entry = input.layout.entryOf[input.selected >= 0 ? input.selected : beginAt] ?? -1;
    if (entry < 0) return;
    chart.current?.activate(entry);
    chart.current?.reveal(entry, true);
  }, []);
  useLayoutEffect(() => {
    const entry = input.selected < 0 ? -1 : (input.layout.entryOf[input.selected] ?? -1);
    if (entry < 0) return;
    chart.current?.activate(entry);
    chart.current?.reveal(entry);
    const [middle, shown] = [centre(), chart.current?.view];
    if (middle === undefined || shown === undefined || (middle >= shown.fromNs && middle <= shown.toNs)) return;
    const half = (shown.toNs - shown.fromNs) / 2;
    chart.current?.setView({ fromNs: middle - half, toNs: middle + half });
  }, [input.selected]);
  useEffect(() => (live ? keepGrowing(() => chart.current?.invalidate()) : undefined), [live]);
  useKeys({
    zoomIn: () => chart.current?.zoom(zoomStep, centre()),
    zoomOut: () => chart.current?.zoom(1 / zoomStep, centre()),
    zoomFit: () => chart.current?.setView(undefined),
  });

  const go = (entry: number): void => {
    const { layout } = latest.current.input;
    const to = Math.min(layout.count - 1, Math.max(0, entry));
    chart.current?.activate(to, true);
    chart.current?.reveal(to);
    onSelect(layout.row[to] ?? -1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = chart.current;
    if (event.ctrlKey || event.metaKey || event.altKey || now === undefined) return;
    const { layout } = latest.current.input;
    const at = now.active;
    const opens = layout.opens[at] ?? 0;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + now.pageRows),
      PageUp: () => go(at - now.pageRows),
      Home: () => go(0),
      End: () => go(layout.count - 1),
      ArrowRight: () => {
        if (event.shiftKey) now.pan(panStep);
        else if (opens === 1) onToggle(at, true);
        else if (opens === 2) go(at + 1);
      },
      ArrowLeft: () => {
        if (event.shiftKey) now.pan(-panStep);
        else if (opens === 2) onToggle(at, false);
        else go(aboveOf(layout.level, at));
      },
      Enter: () => (opens === 1 && (layout.fold[at] ?? -1) >= 0 ? onToggle(at, true) : onOpen()),
      ' ': () => opens !== 0 && onToggle(at, opens === 1),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    act();
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const entry = chart.current?.tree.entryOf(event);
    if (entry === undefined) return;
    const { layout } = latest.current.input;
    const opens = layout.opens[entry] ?? 0;
    const onTwist = event.target instanceof Element && event.target.closest('.twist') !== null;
    if (opens !== 0 && (onTwist || (layout.fold[entry] ?? -1) >= 0)) {
      onToggle(entry, opens === 1);
      chart.current?.activate(entry, true);
    } else {
      go(entry);
      // Details lie below where there is no room beside: they come to the reader.
      if (chart.current?.metrics === narrow) onOpen();
    }
  };
  const { overview, tracks } = input;
  return (
    <div class={tracks.length > 0 ? 'gantt tracked' : 'gantt'} ref={refs.root} style={{ '--tracks': tracks.length }}>
      <div class="minimap" aria-hidden="true" title="The whole execution: drag to show a part">
        <canvas ref={refs.minimap} />
      </div>
      <div class="gantt-head">
        <span>
          Step
          <ZoomButtons
            zoom={(factor) => chart.current?.zoom(factor, centre())}
            fit={() => chart.current?.setView(undefined)}
            step={zoomStep}
            fitted={view === undefined}
          />
        </span>
        <div class="axis" aria-hidden="true">
          <canvas ref={refs.axis} />
        </div>
      </div>
      <div
        ref={refs.grid}
        class="gantt-grid"
        role="treegrid"
        aria-label="Steps in time. Arrows up and down choose a step, left and right close and open what is under it, Enter goes to its details."
        aria-rowcount={input.layout.count}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div class="gantt-space" role="presentation" ref={refs.space}>
          <div ref={refs.plot} class="gantt-plot" aria-hidden="true">
            <canvas ref={refs.bars} />
          </div>
        </div>
      </div>
      <div class="gantt-track">
        <span>
          Running{' '}
          <span class="quiet">
            {input.steps.detail.whole ? `at most ${formatCount(Math.round(overview.mostRunning))} at once` : 'as rows, folded'}
          </span>
        </span>
        <div aria-hidden="true">
          <canvas ref={refs.track} />
        </div>
      </div>
      <TrackRows tracks={tracks} zeroNs={input.zeroNs} chart={chart} canvas={refs.tracks} cursor={refs.cursor} />
      <div class="gantt-over" aria-hidden="true">
        <div class="gantt-cursor" ref={refs.cursor} hidden />
        <div class="gantt-range" ref={refs.range} hidden />
      </div>
      <PointedAt pointed={pointed} />
    </div>
  );
}

function PointedAt({ pointed }: { pointed: { readonly value: Pointed | undefined } }) {
  return pointed.value === undefined ? null : <Tooltip {...pointed.value} />;
}

/** The entry an entry stands under; itself at the top. */
function aboveOf(level: Uint16Array, entry: number): number {
  for (let at = entry - 1; at >= 0; at--) if ((level[at] ?? 0) < (level[entry] ?? 0)) return at;
  return entry;
}
