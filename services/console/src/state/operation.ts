// Long work as `/api/v1/operations` has it, in words.

export interface Operation {
  readonly id: string;
  readonly kind: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly name: string;
  readonly done: number;
  /** 0 until it is known. */
  readonly total: number;
  readonly unit: string;
  readonly rate: number;
  readonly etaSeconds?: number;
  readonly result?: {
    readonly executionCount: number;
    readonly stepCount: number;
    readonly executions: readonly { readonly id: string }[];
  };
  readonly problem?: { readonly detail: string };
  readonly createdAt: string;
}

export const hasEnded = ({ status }: Operation): boolean => status !== 'queued' && status !== 'running';

/** How much of it is done, 0 to 1; undefined when the total is not known. */
export const partDone = ({ status, done, total }: Operation): number | undefined =>
  status === 'done' ? 1 : total > 0 ? Math.min(1, done / total) : undefined;

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const count = (of: number, unit: string): string => `${number.format(of)} ${of === 1 ? unit.replace(/s$/, '') : unit}`;

/** "38,200 of 100,000 facts, 4,100/s, about 15 s left", or how it ended. @param stalled  nothing moved for a while */
export function progressWords(operation: Operation, stalled = false): string {
  const { status, done, total, unit, rate, etaSeconds, result, problem } = operation;
  if (status === 'queued') return 'Waiting for its turn';
  if (status === 'failed') return problem?.detail ?? 'Failed, and it is not known why';
  if (status === 'cancelled') return 'Cancelled; nothing of it was kept';
  if (status === 'done')
    return result === undefined
      ? `Done: ${count(done, unit)}`
      : `${count(result.executionCount, 'executions')}, ${count(result.stepCount, 'steps')}`;
  const parts = [total > 0 ? `${number.format(done)} of ${count(total, unit)}` : count(done, unit)];
  if (stalled) parts.push('no progress for 10 s');
  else if (Number.isFinite(rate) && rate >= 1) parts.push(`${number.format(rate)}/s`);
  if (!stalled && etaSeconds !== undefined && Number.isFinite(etaSeconds)) parts.push(`about ${etaWords(etaSeconds)} left`);
  return parts.join(', ');
}

function etaWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** The quarters passed from one look to the next, to be announced: 25, 50, 75. The end is told by other words. */
export function quarterPassed(before: number, now: number): number | undefined {
  const quarter = Math.floor(now * 4) * 25;
  return now < 1 && quarter > 0 && quarter > Math.floor(before * 4) * 25 ? quarter : undefined;
}

/** Operations as they are now, where a bar never goes back: an answer that was overtaken on its way does not undo a newer one. */
export function mergeOperations(before: readonly Operation[], now: readonly Operation[]): Operation[] {
  const known = new Map(before.map((each) => [each.id, each]));
  return now.map((each) => {
    const former = known.get(each.id);
    if (former === undefined || hasEnded(each) || former.createdAt !== each.createdAt) return each;
    return hasEnded(former) || former.done > each.done ? former : each;
  });
}
