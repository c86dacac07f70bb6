import { formatDuration } from '@tmws/duration';
import { formatCount } from './quantity.ts';

/** How long completed runs of the same workflow took. */
export interface History {
  readonly runs: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
}

/** Fewer runs say nothing. */
const leastRuns = 5;

export const tells = (history: History | undefined): history is History => history !== undefined && history.runs >= leastRuns;

/** When it is likely to end, in words: `Its last 40 runs took 3 m (p50) to 5 m (p90): likely done in 20 to 80 s.` */
export function etaOf({ runs, p50Ns, p90Ns }: History, sofarNs: number): string {
  const took = `${formatCount(runs)} completed runs of this workflow took ${formatDuration(p50Ns)} (p50) to ${formatDuration(p90Ns)} (p90)`;
  if (sofarNs >= p90Ns) return `${took}: this one is longer than 9 of 10.`;
  const whole = (ns: number): string => formatDuration(Math.ceil(ns / 1e9) * 1e9);
  const least = sofarNs >= p50Ns ? 'within' : `in ${whole(p50Ns - sofarNs)} to`;
  return `${took}: likely done ${least} ${whole(p90Ns - sofarNs)}.`;
}
