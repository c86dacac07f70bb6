// What the chart draws, as boxes in px, without drawing it.
import { formatDuration, formatRunning } from '@tmws/duration';
import type { Domain } from '../model/axis.ts';
import { type Span, spansOf } from '../model/spans.ts';
import { hasFailed, lookOf } from '../model/status.ts';
import type { TimeAxis } from '../model/time-axis.ts';
import type { Attempt } from '../model/timeline.ts';

/** Where a row has its bar, px. */
export interface Metrics {
  readonly rowPx: number;
  readonly barTop: number;
  readonly barPx: number;
}
/** The name beside the bar, and above it where there is no room beside. */
export const wide: Metrics = { rowPx: 26, barTop: 6, barPx: 13 };
export const narrow: Metrics = { rowPx: 50, barTop: 29, barPx: 14 };

const leastPx = 2;
const labelPx = 64;
const beyondPx = 40;

/** How times become places. `nowNs` is where open bars end; `live` whether there are any. */
export interface Scale {
  domain: Domain;
  widthPx: number;
  nowNs: number;
  live: boolean;
  /** Absent: time as it is. */
  axis?: TimeAxis | undefined;
}

export interface Box extends Span {
  xPx: number;
  widthPx: number;
  /** The status of its attempt, which decides the look of a run. */
  status: string;
  /** The attempt's last box: it bears the mark of how the attempt ended. */
  last: boolean;
}

export interface Label {
  text: string;
  xPx: number;
  /** The text ends at `xPx` instead of beginning there. */
  before: boolean;
  bad: boolean;
}

/** What is drawn of a step. */
export interface Drawn {
  readonly status: string;
  readonly attempts: readonly Attempt[];
}

export interface RowScene {
  boxes: readonly Box[];
  label: Label | undefined;
}

/** Where an instant lies, in px from the left edge of the chart. */
export function xOf({ domain, widthPx, axis }: Scale, atNs: number): number {
  if (axis === undefined) return ((atNs - domain.fromNs) / Math.max(1, domain.toNs - domain.fromNs)) * widthPx;
  const from = axis.of(domain.fromNs);
  return ((axis.of(atNs) - from) / Math.max(1, axis.of(domain.toNs) - from)) * widthPx;
}

/** The instant that lies at a place, the other way round. */
export function timeAt({ domain, widthPx, axis }: Scale, xPx: number): number {
  const part = xPx / Math.max(1, widthPx);
  if (axis === undefined) return domain.fromNs + part * (domain.toNs - domain.fromNs);
  const from = axis.of(domain.fromNs);
  return axis.at(from + part * (axis.of(domain.toNs) - from));
}

/** The boxes of one row that are in the window, at least 2 px wide each so that nothing is lost, and beside them how long its last attempt took
 * from its start (or, if it never started, waited), and a word if it did not go well. */
export function rowScene(row: Drawn, scale: Scale): RowScene {
  const boxes = row.attempts.flatMap((attempt) => {
    const spans = spansOf(attempt, scale.nowNs, scale.live);
    return spans.map((span, at): Box => {
      // Beyond the window a box need not be exact: far beyond it a canvas would not be.
      const xPx = Math.max(xOf(scale, span.fromNs), -beyondPx);
      const endPx = Math.min(xOf(scale, span.toNs), scale.widthPx + beyondPx);
      return { ...span, xPx, widthPx: Math.max(leastPx, endPx - xPx), status: attempt.status, last: at === spans.length - 1 };
    });
  });
  const inSight = boxes.filter((box) => box.xPx < scale.widthPx && box.xPx + box.widthPx > 0);
  return { boxes: inSight, label: inSight.length === 0 ? undefined : labelOf(row, boxes, scale) };
}

function labelOf(row: Drawn, boxes: readonly Box[], scale: Scale): Label | undefined {
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const own = boxes.filter(({ attempt }) => attempt === last.attempt);
  const began = own.find(({ kind }) => kind === 'run') ?? own[0] ?? last;
  const tookNs = last.toNs - began.fromNs;
  const look = lookOf(row.status);
  const bad = hasFailed(row.status);
  const length = tookNs === 0 ? '' : last.open ? formatRunning(tookNs) : formatDuration(tookNs);
  const word = bad || look.tone === 'quiet' || (last.open && last.kind !== 'run') ? look.word : '';
  const text = [length, word].filter(Boolean).join(' ');
  if (text === '') return undefined;
  const end = last.xPx + last.widthPx;
  if (end + labelPx + (word === '' ? 0 : labelPx / 2) <= scale.widthPx) return { text, xPx: end + 6, before: false, bad };
  return first.xPx >= labelPx ? { text, xPx: first.xPx - 6, before: true, bad } : undefined;
}

/** The box under a place of the row, or the nearest within 3 px: thin bars must be easy to point at. */
export function boxAt(boxes: readonly Box[], xPx: number): Box | undefined {
  const away = (box: Box): number => Math.max(box.xPx - xPx, xPx - box.xPx - box.widthPx, 0);
  let nearest: Box | undefined;
  for (const box of boxes) if (nearest === undefined || away(box) < away(nearest)) nearest = box;
  return nearest !== undefined && away(nearest) <= 3 ? nearest : undefined;
}
