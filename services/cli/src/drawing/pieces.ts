import type { AttemptBarJson } from '@tmws/contracts';

/** A stretch of time of one kind. Times are ns since the start of the picture. */
export interface Piece {
  readonly kind: string;
  readonly fromNs: number;
  readonly toNs: number;
}

/** ns since the epoch, as proto3 JSON writes them, to ns since `zero`; exact up to 104 days. */
export function since(zero: bigint, ns: string | undefined): number | undefined {
  return ns === undefined ? undefined : Number(BigInt(ns) - zero);
}

/**
 * What the time of one try went into: told waits first; else ready → queued is orchestration, queued → start is queue, start → end is run.
 * What is open ends at `nowNs`.
 */
export function piecesOf(bar: AttemptBarJson, zero: bigint, nowNs: number): Piece[] {
  const [ready, queued, start] = [bar.readyNs, bar.queuedNs, bar.startNs].map((ns) => since(zero, ns));
  const waits = (bar.waits ?? []).map(({ kind = 'unknown', fromNs, toNs }) => ({
    kind,
    fromNs: since(zero, fromNs) ?? 0,
    toNs: since(zero, toNs) ?? nowNs,
  }));
  const from = ready ?? queued ?? start ?? waits[0]?.fromNs;
  if (from === undefined) return [];
  const end = since(zero, bar.endNs) ?? nowNs;
  const beforeStart = start ?? end;
  const stages = [
    { kind: 'orchestration', fromNs: from, toNs: queued ?? beforeStart },
    ...(queued === undefined ? [] : [{ kind: 'queue', fromNs: queued, toNs: beforeStart }]),
    ...(start === undefined ? [] : [{ kind: 'run', fromNs: start, toNs: end }]),
  ];
  return stages
    .flatMap((stage) => without(stage, waits))
    .concat(waits)
    .sort((a, b) => a.fromNs - b.fromNs);
}

/** The parts of a stage no wait covers. A stage of no length stays if it is a run, so that it can be seen. */
function without(stage: Piece, waits: readonly Piece[]): Piece[] {
  if (stage.fromNs >= stage.toNs) return stage.kind === 'run' ? [stage] : [];
  let parts = [stage];
  for (const wait of waits) {
    parts = parts.flatMap((part) =>
      [
        { ...part, toNs: Math.min(part.toNs, wait.fromNs) },
        { ...part, fromNs: Math.max(part.fromNs, wait.toNs) },
      ].filter(({ fromNs, toNs }) => fromNs < toNs),
    );
  }
  return parts;
}
