import { formatDuration, formatRunning } from '@tmws/duration';
import { type CriticalPath, formatPart, sharesOf } from './critical-path.ts';
import { type Execution, isGrowing, lengthNs, stepCounts } from './execution.ts';
import { kindLook } from './kinds.ts';
import { formatCount } from './quantity.ts';

const verbs: Readonly<Record<string, string>> = {
  completed: 'Completed in',
  failed: 'Failed after',
  timed_out: 'Timed out after',
  cancelled: 'Cancelled after',
  running: 'Running for',
};

/** How it stands and how far it came: `Failed after 4 m 12 s, with 14 of 15 steps done and 1 failed.` */
export function outcomeOf(execution: Execution, nowMs: number): string {
  const { total, done, failed, skipped } = stepCounts(execution);
  const length = lengthNs(execution, nowMs);
  const took = length === undefined ? '' : isGrowing(execution) ? formatRunning(length) : formatDuration(length);
  const verb = verbs[execution.status];
  const start = verb !== undefined && took !== '' ? `${verb} ${took}` : standing(execution.status, took);
  if (total === 0) return `${start}; no step is known yet.`;
  const steps =
    failed === 0 && done === total
      ? `all ${formatCount(total)} ${total === 1 ? 'step' : 'steps'} done`
      : `${formatCount(done)} of ${formatCount(total)} steps done`;
  const others = [failed > 0 && `${formatCount(failed)} failed`, skipped > 0 && `${formatCount(skipped)} skipped`].filter(
    Boolean,
  );
  return `${start}, with ${[steps, ...others].join(', ')}.`;
}

function standing(status: string, took: string): string {
  if (status === 'planned') return 'Planned, not begun';
  if (status === 'unknown') return took === '' ? 'Its state is not known' : `Not heard of since; ${took} are known`;
  const word = status.replaceAll('_', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A clause of the server as a sentence of its own. */
export const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

/** What a sentence names of the waits; the legend has all. */
const mostNamed = 3;
const leastNamed = 0.02;

/** Where the time went, in one sentence: `62 % of it was work, 22 % rate limit, 16 % approval.` Empty when nothing is known. */
export function whereTimeWent(path: CriticalPath): string {
  const shares = sharesOf(path);
  if (shares.length === 0) return '';
  const work = shares.filter(({ kind }) => kind === 'run').reduce((sum, { part }) => sum + part, 0);
  const rest = shares.filter(({ kind, part }) => kind !== 'run' && part >= leastNamed);
  if (rest.length === 0) return work > 0.995 ? 'All of it was work.' : `${formatPart(work)} of it was work.`;
  const named = rest.slice(0, mostNamed).map(({ kind, part }) => `${formatPart(part)} ${kindLook(kind).label}`);
  return `${formatPart(work)} of it was work, ${named.join(', ')}.`;
}
