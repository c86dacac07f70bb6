// The chart: draws at most once a frame what is in sight, whatever asked for it; owns the scroll and the part of the axis that is shown.
import { type Domain, ticksOn } from '../model/axis.ts';
import type { Layout } from '../model/layout.ts';
import type { Overview } from '../model/overview.ts';
import { eachDependency, type Steps } from '../model/steps.ts';
import { plainAxis, type TimeAxis } from '../model/time-axis.ts';
import type { Track } from '../model/usage-tracks.ts';
import { scrollToShow, visibleRange } from '../model/visible-range.ts';
import { panned, zoomed } from '../model/zoom.ts';
import { entryAfter } from './held-place.ts';
import { createStrip, paintMinimap } from './minimap.ts';
import { paintAxis, paintRunning } from './paint-axis.ts';
import { type Density, densityOf } from './paint-fold.ts';
import type { Arrow, Band } from './picture.ts';
import { paint } from './paint.ts';
import { narrowTracks, paintTracks, wideTracks } from './paint-tracks.ts';
import { type Metrics, narrow, type Scale, wide } from './scene.ts';
import { findStairs, type Stair, type Stairs } from './staircase.ts';
import { type ChartTheme, readTheme } from './theme.ts';
import { createTree, type Tree } from './tree.ts';

export interface ChartInput {
  readonly steps: Steps;
  readonly layout: Layout;
  /** Another number whenever what the columns hold changed. */
  readonly version: number;
  readonly stairs: readonly Stair[];
  readonly overview: Overview;
  /** What was used over time. */
  readonly tracks: readonly Track[];
  readonly axis: TimeAxis | undefined;
  /** The whole axis and the time now: both grow while it runs. */
  scaleNow(): { domain: Domain; nowNs: number; live: boolean };
  /** What the axis calls 0, and how it writes an instant; absent: how long after. */
  readonly zeroNs: number;
  readonly clock: ((atNs: number) => string) | undefined;
  /** The chosen row; -1 none. */
  readonly selected: number;
  /** What waited for the chosen row. */
  readonly dependents: readonly number[];
  readonly eta: Band | undefined;
}

export interface ChartParts {
  readonly root: HTMLElement;
  readonly grid: HTMLElement;
  readonly space: HTMLElement;
  readonly plot: HTMLElement;
  readonly bars: HTMLCanvasElement;
  readonly axis: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
  readonly track: HTMLCanvasElement;
  readonly tracks: HTMLCanvasElement;
}

export interface Chart {
  readonly tree: Tree;
  show(input: ChartInput): void;
  /** Draws in the next frame. */
  invalidate(): void;
  /** The theme changed. */
  recolour(): void;
  readonly view: Domain | undefined;
  setView(view: Domain | undefined): void;
  /** @param atNs  what stays where it is; absent: the middle */
  zoom(factor: number, atNs?: number): void;
  pan(part: number): void;
  /** Scrolls so that an entry is in sight; `middle` puts it there. */
  reveal(entry: number, middle?: boolean): void;
  /** The entry Tab comes to; with `focus` it gets the focus. */
  activate(entry: number, focus?: boolean): void;
  readonly active: number;
  scale(): Scale | undefined;
  readonly metrics: Metrics;
  readonly pageRows: number;
  close(): void;
}

/** When the first picture of a chart is drawn, for who measures. */
const drawnMark = 'tmws timeline drawn';
const spareRows = 10;
/** Scrolling draws anew only each so many rows; in between the browser moves what is there. */
const stepRows = 6;
const tickRoomPx = 90;
const narrowPx = 560;
const mostArrows = 200;

/** @param onView  the part of the axis that is shown changed */
export function createChart(parts: ChartParts, onView: (view: Domain | undefined) => void): Chart {
  const contexts = [parts.bars, parts.axis, parts.minimap, parts.track, parts.tracks].map((each) => each.getContext('2d'));
  const [bars, axis, minimap, track, used] = contexts;
  const tree = createTree(parts.space);
  let theme: ChartTheme | undefined;
  let input: ChartInput | undefined;
  let stairs: Stairs = findStairs([]);
  let view: Domain | undefined;
  let frame = 0;
  let active = 0;
  let widthPx = 0;
  let windowPx = 0;
  let metrics: Metrics = wide;
  let drawnFirst = -1;
  let drawnSpacePx = -1;
  let densities = new Map<string, Density>();
  let densitiesOf = -1;
  let wantsFocus = false;
  let marked = false;
  const strip = createStrip();
  let minimapWidthPx = 0;
  /** What axis, minimap and track were drawn from: scrolling changes none of them. */
  let drawnAround: readonly unknown[] = [];

  const scaleOf = ({ axis: pressed, scaleNow }: ChartInput): Scale => {
    const { domain, nowNs, live } = scaleNow();
    return { domain: view ?? domain, widthPx, nowNs, live, axis: pressed };
  };
  const firstInSight = (): number => {
    const stepPx = stepRows * metrics.rowPx;
    return Math.floor(parts.grid.scrollTop / stepPx) * stepPx;
  };
  const arrowsOf = ({ steps, layout, selected, dependents }: ChartInput): Arrow[] => {
    if (selected < 0) return [];
    const arrows: Arrow[] = [];
    const add = (from: number, to: number): void => {
      const [a, b] = [layout.entryOf[from] ?? -1, layout.entryOf[to] ?? -1];
      if (a < 0 || b < 0 || arrows.length >= mostArrows) return;
      const toNs = steps.rows.first[to] ?? 0;
      arrows.push({ from: a, fromNs: steps.rows.last[from] ?? 0, to: b, toNs: Number.isFinite(toNs) ? toNs : 0 });
    };
    eachDependency(steps, selected, (on) => add(on, selected));
    for (const to of dependents) add(selected, to);
    return arrows;
  };
  const draw = (): void => {
    frame = 0;
    if (input === undefined || bars === null || bars === undefined || widthPx <= 0) return;
    theme ??= readTheme(bars);
    const { steps, layout, overview, tracks, version, zeroNs, clock } = input;
    const scale = scaleOf(input);
    const [first, end] = visibleRange(
      layout.count,
      metrics.rowPx,
      firstInSight(),
      windowPx + stepRows * metrics.rowPx,
      spareRows,
    );
    drawnFirst = firstInSight();
    if (densitiesOf !== version) {
      densities = new Map();
      densitiesOf = version;
    }
    const known = densities;
    const ticks = ticksOn(input.axis ?? plainAxis, scale.domain, zeroNs, Math.max(2, Math.floor(widthPx / tickRoomPx)), clock);
    const densityOfFold = (at: number): Density => {
      const fold = layout.folds[at];
      if (fold === undefined) throw new RangeError(`there is no fold ${at}`);
      const found = known.get(fold.key) ?? densityOf(steps, fold, scale.nowNs);
      known.set(fold.key, found);
      return found;
    };
    const spacePx = layout.count * metrics.rowPx;
    if (spacePx !== drawnSpacePx) parts.space.style.height = `${spacePx}px`;
    drawnSpacePx = spacePx;
    parts.bars.style.transform = `translateY(${first * metrics.rowPx}px)`;
    const arrows = arrowsOf(input);
    const picture = { steps, layout, first, end, scale, ticks, stairs, arrows, eta: input.eta, metrics };
    paint(parts.bars, bars, { ...picture, densityOf: densityOfFold }, theme);
    const around = [overview, tracks, scale.domain.fromNs, scale.domain.toNs, input.axis, widthPx, minimapWidthPx, theme, clock];
    if (scale.live || around.some((each, at) => each !== drawnAround[at])) {
      drawnAround = around;
      const { domain } = input.scaleNow();
      if (axis) paintAxis(parts.axis, axis, scale, ticks, theme);
      if (minimap) {
        const base = strip.paint(overview, domain, minimapWidthPx, theme);
        paintMinimap(parts.minimap, minimap, base, domain, view, minimapWidthPx, theme);
      }
      if (track) paintRunning(parts.track, track, scale, overview, theme);
      if (used) paintTracks(parts.tracks, used, scale, tracks, metrics === narrow ? narrowTracks : wideTracks, theme);
    }
    if (!marked && steps.rows.count > 0) {
      marked = true;
      performance.mark(drawnMark);
    }
    active = Math.min(active, Math.max(0, layout.count - 1));
    const selected = input.selected < 0 ? -1 : (layout.entryOf[input.selected] ?? -1);
    tree.show({ steps, layout, first, end, rowPx: metrics.rowPx, nowNs: scale.nowNs, active, selected, version });
    // Where the row that has the focus was scrolled away the grid itself holds it.
    const inSight = active >= first && active < end;
    parts.grid.tabIndex = inSight ? -1 : 0;
    if (wantsFocus && inSight) {
      wantsFocus = false;
      tree.focus(active);
    }
  };
  const invalidate = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const measure = (): void => {
    metrics = parts.root.clientWidth < narrowPx ? narrow : wide;
    parts.root.classList.toggle('narrow', metrics === narrow);
    [widthPx, windowPx] = [parts.plot.clientWidth, parts.grid.clientHeight];
    minimapWidthPx = parts.minimap.parentElement?.clientWidth ?? widthPx;
    invalidate();
  };
  const onScroll = (): void => {
    if (firstInSight() !== drawnFirst) invalidate();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(parts.root);
  observer.observe(parts.grid);
  parts.grid.addEventListener('scroll', onScroll, { passive: true });
  measure();

  const onAxis = (domain: Domain, to: 'of' | 'at'): Domain => {
    const by = input?.axis ?? plainAxis;
    return { fromNs: by[to](domain.fromNs), toNs: by[to](domain.toNs) };
  };
  /** Rows come in above what is looked at: that stays where it is, and the focus on its row. */
  const hold = (before: Layout, next: Layout): void => {
    if (before === next) return;
    const { grid, space } = parts;
    const inSight = (entry: number): boolean =>
      entry >= 0 && (entry + 1) * metrics.rowPx > grid.scrollTop && entry * metrics.rowPx < grid.scrollTop + windowPx;
    const focused = space.contains(document.activeElement);
    const chosen = focused ? active : (before.entryOf[input?.selected ?? -1] ?? -1);
    const top = grid.scrollTop > 0 ? Math.floor(grid.scrollTop / metrics.rowPx) : -1;
    const eye = inSight(chosen) ? chosen : top;
    const to = eye < 0 ? -1 : entryAfter(before, next, eye);
    if (to >= 0 && to !== eye) {
      space.style.height = `${next.count * metrics.rowPx}px`;
      grid.scrollTop += (to - eye) * metrics.rowPx;
    }
    const activeNow = entryAfter(before, next, active);
    if (activeNow < 0 || activeNow === active) return;
    active = activeNow;
    wantsFocus ||= focused;
  };
  const whole = (): Domain => input?.scaleNow().domain ?? { fromNs: 0, toNs: 1 };
  const chart: Chart = {
    tree,
    get view() {
      return view;
    },
    get active() {
      return active;
    },
    get metrics() {
      return metrics;
    },
    get pageRows() {
      return Math.max(1, Math.floor(windowPx / metrics.rowPx) - 1);
    },
    show(next) {
      const before = input;
      input = next;
      if (before?.stairs !== next.stairs) stairs = findStairs(next.stairs);
      if (before !== undefined && before.steps === next.steps && before.version !== next.version)
        hold(before.layout, next.layout);
      invalidate();
    },
    invalidate,
    recolour() {
      theme = undefined;
      invalidate();
    },
    setView(next) {
      const same = next?.fromNs === view?.fromNs && next?.toNs === view?.toNs;
      view = next;
      invalidate();
      if (!same) onView(view);
    },
    zoom(factor, atNs) {
      const shown = view ?? whole();
      const middle = (input?.axis ?? plainAxis).of(atNs ?? (shown.fromNs + shown.toNs) / 2);
      const next = zoomed(view && onAxis(view, 'of'), onAxis(whole(), 'of'), factor, middle);
      chart.setView(next && onAxis(next, 'at'));
    },
    pan(part) {
      const next = panned(view && onAxis(view, 'of'), onAxis(whole(), 'of'), part);
      chart.setView(next && onAxis(next, 'at'));
    },
    reveal(entry, middle = false) {
      const { grid } = parts;
      const { rowPx } = metrics;
      parts.space.style.height = `${(input?.layout.count ?? 0) * rowPx}px`;
      grid.scrollTop = middle
        ? Math.max(0, entry * rowPx - (grid.clientHeight - rowPx) / 2)
        : scrollToShow(entry, rowPx, grid.scrollTop, grid.clientHeight);
      invalidate();
    },
    activate(entry, focus = false) {
      active = Math.min(Math.max(0, entry), Math.max(0, (input?.layout.count ?? 1) - 1));
      wantsFocus ||= focus;
      invalidate();
    },
    scale: () => (input === undefined ? undefined : scaleOf(input)),
    close() {
      observer.disconnect();
      parts.grid.removeEventListener('scroll', onScroll);
      cancelAnimationFrame(frame);
    },
  };
  return chart;
}
