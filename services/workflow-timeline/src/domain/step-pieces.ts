import type { Segment } from './critical-path/segment.ts';
import { leadIn, withinRun } from './critical-path/segment-kinds.ts';
import type { Bar, TimelineRow } from './timeline.ts';

/** A piece of a step's time. */
export interface StepPiece extends Segment {
  readonly bar: Bar;
  /** Once the try had begun. */
  readonly tried: boolean;
}

/**
 * The pieces of a step's time from `fromNs` to `endNs`, in order, without gap or overlap: before its first start, its tries, and
 * between them. Neighbours differ in kind, reason or try.
 */
export function stepPieces(row: TimelineRow, { fromNs, endNs }: { fromNs: bigint; endNs: bigint }): StepPiece[] {
  const known = row.dependsOn.length > 0 ? 'dependency' : 'nothing';
  const pieces: StepPiece[] = [];
  let atNs = fromNs;
  row.bars.forEach((bar, i) => {
    const startNs = within(bar.startNs ?? bar.endNs ?? endNs, atNs, endNs);
    const barEndNs = within(bar.endNs ?? endNs, startNs, endNs);
    if (startNs > atNs) {
      const before = leadIn(row, bar, { fromNs: atNs, toNs: startNs, known: i > 0 ? 'retry' : known });
      append(pieces, before, bar, false);
    }
    if (barEndNs > startNs) append(pieces, withinRun(row, bar, startNs, barEndNs), bar, true);
    atNs = barEndNs;
  });
  return pieces;
}

function append(pieces: StepPiece[], latestFirst: readonly Segment[], bar: Bar, tried: boolean): void {
  for (let i = latestFirst.length - 1; i >= 0; i--) {
    const segment = latestFirst[i];
    if (segment === undefined) continue;
    const last = pieces.at(-1);
    if (
      last !== undefined &&
      last.bar === bar &&
      last.tried === tried &&
      last.kind === segment.kind &&
      last.reason === segment.reason
    )
      pieces[pieces.length - 1] = { ...last, endNs: segment.endNs };
    else pieces.push({ ...segment, bar, tried });
  }
}

function within(ns: bigint, lowNs: bigint, highNs: bigint): bigint {
  return ns < lowNs ? lowNs : ns > highNs ? highNs : ns;
}
