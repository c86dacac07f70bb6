import type { Span } from '../execution.ts';
import { type Occupancy, type Unit } from './occupancy.ts';
import { type QueueCauses, queueCauses } from './queue-causes.ts';
import type { SegmentKind } from '../critical-path/segment.ts';
import { toldEdges } from '../step-edges.ts';
import { type StepPiece, stepPieces } from '../step-pieces.ts';
import { stepTimes, type StepTimes } from '../step-times.ts';
import type { TimelineRow } from '../timeline.ts';
import { arrivedNs, type Try, triesOn } from '../tries.ts';

/**
 * Why a step waited.
 *
 *   dependency      for a step it depends on, which had not ended
 *   contention      its pool or worker was full, of steps queued no later
 *   prioritisation  its pool or worker was full, and a step queued later was on it
 *   batching        it began together with others of its pool, once the last of them was queued
 *   unavailability  nobody was on its pool
 *   extraneous      its pool was not full: something else held it back
 *   retry           after a try, before the next
 *   told            for what the engine told: a rate limit, a timer, an approval, …
 *   orchestration   for the engine: released but not ready, ready but not queued
 *   unknown         nothing is known of it
 *
 * The five of queues are those of Lashkevich et al., "Why am I waiting?" (2023), told from the order of queueing instead of calendars.
 */
export type Cause =
  | 'dependency'
  | 'contention'
  | 'prioritisation'
  | 'batching'
  | 'unavailability'
  | 'extraneous'
  | 'retry'
  | 'told'
  | 'orchestration'
  | 'unknown';

/** A share of a wait. Where its instants lie apart, they are one share. */
export interface WaitCause {
  readonly cause: Cause;
  readonly ns: bigint;
  /** Whose fullness it was, or whose members it waited for. */
  readonly unit: Unit<Try> | undefined;
  /** Of dependency: the step that ended last. */
  readonly released: TimelineRow | undefined;
}

/** A stretch of waiting of one kind. Its causes sum to its length. */
export interface WaitPiece {
  readonly try: Try;
  readonly kind: SegmentKind;
  /** When the try came to its queue, for those of queues. */
  readonly queuedNs: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly reason: string;
  readonly causes: readonly WaitCause[];
}

export interface StepWaits {
  readonly row: TimelineRow;
  /** From when it was known of, or released, to its last end: run and waits. */
  readonly fromNs: bigint;
  readonly endNs: bigint;
  readonly ranNs: bigint;
  readonly waitedNs: bigint;
  readonly pieces: readonly WaitPiece[];
}

/** A wait for a pool: what pool-use.ts counts. */
export interface QueueWait {
  readonly try: Try;
  readonly pool: Unit<Try>;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

export interface Waits {
  /** Those that waited, the longest first. */
  readonly steps: readonly StepWaits[];
  readonly waitedNs: bigint;
  readonly nsByKind: ReadonlyMap<SegmentKind, bigint>;
  readonly nsByCause: ReadonlyMap<Cause, bigint>;
  readonly occupancy: Occupancy<Try>;
  readonly queueWaits: readonly QueueWait[];
}

/**
 * Why each step waited, before each try and inside it.
 *
 *   W1  the pieces of a step and what it ran sum to its time exactly; pieces neither overlap nor touch the run
 *   W2  the causes of a piece sum to its length exactly
 *   W3  a step's time begins when it was first heard of, or when the last step it depends on ended if that was earlier
 *
 * O(n log n) in tries and waits.
 */
export function findWaits(rows: readonly TimelineRow[], span: Span): Waits {
  const times = rows.map((row) => stepTimes(row, span));
  const releasers = releasersOf(rows, times);
  const released = releasers.map((releaser) => releaser?.endNs);
  const occupancy = triesOn(rows, span, released);
  const drafts = rows.map((row, place) => draftOf(row, place, times[place], releasers[place]));
  const waiting = drafts.flatMap((draft) => draft?.pieces.filter(({ queue }) => queue) ?? []);
  const causes = queueCauses(
    waiting.map(({ try: of, piece }) => ({
      of,
      queuedNs: arrivedNs(of.bar, released[of.place]) ?? piece.startNs,
      fromNs: piece.startNs,
      toNs: piece.endNs,
    })),
    occupancy,
    span,
  );
  const causesOf = new Map(waiting.map((piece, i) => [piece, causes[i]]));

  const nsByKind = new Map<SegmentKind, bigint>();
  const nsByCause = new Map<Cause, bigint>();
  const queueWaits: QueueWait[] = [];
  const steps = drafts.flatMap((draft): StepWaits[] => {
    if (draft === undefined || draft.pieces.length === 0) return [];
    let waitedNs = 0n;
    const pieces = draft.pieces.map((drafted): WaitPiece => {
      const { piece, try: of } = drafted;
      const queued = causesOf.get(drafted);
      const lengthNs = piece.endNs - piece.startNs;
      const shares = queued === undefined ? [plain(drafted, lengthNs)] : sharesOf(queued, lengthNs);
      waitedNs += lengthNs;
      add(nsByKind, piece.kind, lengthNs);
      for (const { cause, ns } of shares) add(nsByCause, cause, ns);
      if (queued?.pool !== undefined) queueWaits.push({ try: of, pool: queued.pool, fromNs: piece.startNs, toNs: piece.endNs });
      const queuedNs = arrivedNs(of.bar, released[of.place]) ?? piece.startNs;
      return {
        try: of,
        kind: piece.kind,
        queuedNs,
        fromNs: piece.startNs,
        toNs: piece.endNs,
        reason: piece.reason,
        causes: shares,
      };
    });
    const { row, fromNs, endNs } = draft;
    return [{ row, fromNs, endNs, ranNs: endNs - fromNs - waitedNs, waitedNs, pieces }];
  });
  steps.sort((a, b) => (a.waitedNs === b.waitedNs ? 0 : a.waitedNs > b.waitedNs ? -1 : 1));
  const waitedNs = steps.reduce((sum, step) => sum + step.waitedNs, 0n);
  return { steps, waitedNs, nsByKind, nsByCause, occupancy, queueWaits };
}

interface DraftedPiece {
  readonly try: Try;
  readonly piece: StepPiece;
  /** Of a piece before the release: the step it waited for. */
  readonly released: TimelineRow | undefined;
  readonly queue: boolean;
}

function draftOf(row: TimelineRow, place: number, times: StepTimes | undefined, releaser: Releaser | undefined) {
  if (times === undefined) return undefined;
  const { startNs, endNs } = times;
  const releasedNs = releaser === undefined || releaser.endNs > startNs ? undefined : releaser.endNs;
  const fromNs = releasedNs !== undefined && releasedNs < times.fromNs ? releasedNs : times.fromNs;
  // A dependency that ended after the start held it back until then all the same.
  const heldNs = releaser === undefined ? fromNs : releaser.endNs < startNs ? releaser.endNs : startNs;
  const pieces = stepPieces(row, { fromNs, endNs })
    .filter(({ kind }) => kind !== 'run')
    .flatMap((piece) => cutAt(piece, heldNs))
    .map((piece): DraftedPiece => {
      const { bar } = piece;
      const released = !piece.tried && piece.endNs <= heldNs && !isTold(piece.kind) ? releaser?.row : undefined;
      const queue = piece.kind === 'queue' && !piece.tried && released === undefined;
      return { try: { row, place, bar }, piece, released, queue };
    });
  return { row, fromNs, endNs, pieces };
}

interface Releaser {
  readonly row: TimelineRow;
  readonly endNs: bigint;
}

/** By row, the step it depends on that ended last; of equals the first in the list. */
function releasersOf(rows: readonly TimelineRow[], times: readonly (StepTimes | undefined)[]): (Releaser | undefined)[] {
  const releasers: (Releaser | undefined)[] = rows.map(() => undefined);
  for (const { from, to } of toldEdges(rows)) {
    const row = rows[from];
    const endNs = times[from]?.endNs;
    const known = releasers[to];
    if (row !== undefined && endNs !== undefined && (known === undefined || endNs > known.endNs)) releasers[to] = { row, endNs };
  }
  return releasers;
}

function cutAt(piece: StepPiece, atNs: bigint): StepPiece[] {
  if (piece.tried || piece.startNs >= atNs || piece.endNs <= atNs) return [piece];
  return [
    { ...piece, endNs: atNs },
    { ...piece, startNs: atNs },
  ];
}

const told: ReadonlySet<SegmentKind> = new Set<SegmentKind>(['rate_limit', 'timer', 'approval', 'external', 'debug_paused']);
const isTold = (kind: SegmentKind): boolean => told.has(kind);

function plain({ piece: { kind, tried }, released }: DraftedPiece, ns: bigint): WaitCause {
  const cause: Cause =
    released !== undefined
      ? 'dependency'
      : kind === 'retry_backoff'
        ? 'retry'
        : isTold(kind) || (tried && kind === 'queue')
          ? 'told'
          : kind === 'orchestration'
            ? 'orchestration'
            : 'unknown';
  return { cause, ns, unit: undefined, released };
}

/** The shares of a wait for a pool; what rounding could leave over goes to the last. */
function sharesOf({ pool, unit, ...shares }: QueueCauses, lengthNs: bigint): WaitCause[] {
  let leftNs = lengthNs;
  const causes: WaitCause[] = [];
  const take = (cause: Cause, length: number, of: Unit<Try> | undefined): void => {
    const wantedNs = BigInt(Math.round(length));
    const ns = wantedNs < leftNs ? wantedNs : leftNs;
    leftNs -= ns;
    if (ns > 0n) causes.push({ cause, ns, unit: of, released: undefined });
  };
  take('contention', shares.contention, unit);
  take('prioritisation', shares.prioritisation, unit);
  take('batching', shares.batching, pool);
  take('unavailability', shares.unavailability, pool);
  if (leftNs > 0n)
    causes.push({ cause: pool === undefined ? 'unknown' : 'extraneous', ns: leftNs, unit: pool, released: undefined });
  return causes;
}

function add<K>(sums: Map<K, bigint>, key: K, ns: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + ns);
}
