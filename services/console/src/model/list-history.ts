// An execution against the past ones of its workflow.
import { formatDuration } from '@tmws/duration';
import type { Execution } from './execution.ts';
import type { History } from './listing.ts';

/** Past runs that say something. */
const enough = 5;

export interface HistoryBar {
  /** Shares of the width, 0 to 1. */
  length: number;
  p50: number;
  p95: number;
  slow: boolean;
  words: string;
}

/** How long it took beside what is usual; undefined where too little is known. */
export function historyBar(lengthNs: number | undefined, history: History | undefined): HistoryBar | undefined {
  if (lengthNs === undefined || history === undefined || history.runs < enough || history.p95Ns <= 0) return undefined;
  const { p50Ns, p95Ns, runs } = history;
  const whole = Math.max(p95Ns * 1.25, Math.min(lengthNs, p95Ns * 3));
  const slow = lengthNs > p95Ns;
  const compared = slow ? `longer than 19 of 20` : lengthNs <= p50Ns ? 'as half of the runs or shorter' : 'as usual';
  return {
    length: Math.min(1, lengthNs / whole),
    p50: p50Ns / whole,
    p95: p95Ns / whole,
    slow,
    words: `${compared}: half of the last ${runs} took up to ${formatDuration(p50Ns)}, 19 of 20 up to ${formatDuration(p95Ns)}`,
  };
}

/** What is left of a running one, as far as past runs tell: `3 s – 1 m left (n 50)`. */
export function leftWords(elapsedNs: number, history: History | undefined): string {
  if (history === undefined || history.runs < enough) return '';
  const { p50Ns, p90Ns, runs } = history;
  const whole = (ns: number): string => formatDuration(Math.ceil(ns / 1e9) * 1e9);
  if (elapsedNs > p90Ns) return `longer than 9 of 10 (n ${runs})`;
  if (elapsedNs > p50Ns) return `up to ${whole(p90Ns - elapsedNs)} left (n ${runs})`;
  const [least, most] = [whole(p50Ns - elapsedNs), whole(p90Ns - elapsedNs)];
  return `${least === most ? most : `${least} – ${most}`} left (n ${runs})`;
}

const waits: readonly (readonly [string, string])[] = [
  ['retry_scheduled', 'retry'],
  ['paused', 'paused'],
  ['queued', 'queue'],
  ['ready', 'a worker'],
];

/** What an open execution waits for, when none of its steps runs: `queue (3 steps)`. */
export function waitingFor({ status, stepsByStatus }: Pick<Execution, 'status' | 'stepsByStatus'>): string {
  if (status !== 'running' || (stepsByStatus.running ?? 0) > 0) return '';
  const found = waits.find(([each]) => (stepsByStatus[each] ?? 0) > 0);
  if (found === undefined) return '';
  const count = stepsByStatus[found[0]] ?? 0;
  return `${found[1]} (${count} ${count === 1 ? 'step' : 'steps'})`;
}

/** Steps in the order of a strip: what is done first, what is to come last. */
const stripOrder = [
  'completed',
  'skipped',
  'cancelled',
  'failed',
  'timed_out',
  'retry_scheduled',
  'paused',
  'running',
  'queued',
  'ready',
  'planned',
];

/** Widths of a strip by status, in px; what there is shows with at least 2 px. */
export function stripParts(
  stepsByStatus: Readonly<Record<string, number>>,
  width: number,
): { status: string; from: number; width: number }[] {
  const some = Object.entries(stepsByStatus)
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => stripOrder.indexOf(a) - stripOrder.indexOf(b));
  const total = some.reduce((sum, [, count]) => sum + count, 0);
  const least = Math.min(2, width / Math.max(1, some.length));
  const spare = width - least * some.length;
  let from = 0;
  return some.map(([status, count]) => {
    const part = { status, from, width: least + (spare * count) / total };
    from += part.width;
    return part;
  });
}
