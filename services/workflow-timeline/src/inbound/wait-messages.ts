import { behindOf } from '../domain/waits/blame.ts';
import type { Span } from '../domain/execution.ts';
import { type PoolUse, poolUses } from '../domain/waits/pool-use.ts';
import type { StepWaits, WaitPiece, Waits } from '../domain/waits/waits.ts';

const maxPools = 50;

/** tmws.timeline.v1.GetWaitsResponse */
export function waitsMessage(waits: Waits, span: Span, { asOfNs, limit }: { asOfNs: bigint; limit: number }) {
  return {
    makespanNs: span.endNs - span.startNs,
    asOfNs,
    stepsWaited: waits.steps.length,
    waitedNs: waits.waitedNs,
    nsByKind: Object.fromEntries(waits.nsByKind),
    nsByCause: Object.fromEntries(waits.nsByCause),
    steps: waits.steps.slice(0, limit).map((step) => stepWaitsMessage(step, span)),
    pools: poolUses(waits, span).slice(0, maxPools).map(poolMessage),
  };
}

/** tmws.timeline.v1.StepWaits */
export function stepWaitsMessage({ row, fromNs, endNs, waitedNs, ranNs, pieces }: StepWaits, span: Span) {
  const { stepKey, stepId } = row.step;
  const { name, kind } = row;
  return {
    stepKey,
    stepId,
    name,
    kind,
    fromNs,
    endNs,
    waitedNs,
    ranNs,
    pieces: pieces.map((piece) => pieceMessage(piece, span)),
  };
}

function pieceMessage(piece: WaitPiece, span: Span) {
  const { kind, fromNs, toNs, reason } = piece;
  return {
    attempt: piece.try.bar.attempt,
    kind,
    fromNs,
    toNs,
    reason,
    causes: piece.causes.map((cause) => {
      const { steps, count } = behindOf(piece, cause, span);
      const behind = steps.map(({ row: { step }, attempt, ns }) => ({ stepKey: step.stepKey, stepId: step.stepId, attempt, ns }));
      const { pool = '', worker = '' } = cause.unit ?? {};
      return { cause: cause.cause, ns: cause.ns, pool, worker, behind, behindCount: count };
    }),
  };
}

function poolMessage({ law, by, blame, ...use }: PoolUse) {
  return {
    ...use,
    queueLengthCounted: law.counted,
    queueLengthComputed: law.computed,
    queueingTold: law.told,
    littlesLawHolds: law.holds,
    blameBy: by,
    blame: blame.map((one) => ({ ...one })),
  };
}
