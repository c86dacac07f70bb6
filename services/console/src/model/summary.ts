import { type CriticalPath, formatPart, sharesOf } from './critical-path.ts';
import { formatDuration, formatRunning } from './duration.ts';
import { type Execution, isGrowing, lengthNs, stepCounts } from './execution.ts';
import { kindLook } from './kinds.ts';
import { formatCount } from './quantity.ts';
import { hasFailed } from './status.ts';
import { lastInstant, type Row } from './timeline.ts';

const verbs: Readonly<Record<string, string>> = {
  completed: 'Completed in',
  failed: 'Failed after',
  timed_out: 'Timed out after',
  cancelled: 'Cancelled after',
  running: 'Running for',
};

/** How it stands and how far it came: `Failed after 4 m 12 s, with 14 of 15 steps done and 1 failed.` */
export function outcomeOf(execution: Execution, nowMs: number): string {
  const { total, done, failed } = stepCounts(execution);
  const length = lengthNs(execution, nowMs);
  const took = length === undefined ? '' : isGrowing(execution) ? formatRunning(length) : formatDuration(length);
  const verb = verbs[execution.status];
  const start = verb !== undefined && took !== '' ? `${verb} ${took}` : standing(execution.status, took);
  if (total === 0) return `${start}; no step is known yet.`;
  const steps =
    failed === 0 && done === total
      ? `all ${formatCount(total)} ${total === 1 ? 'step' : 'steps'} done`
      : `${formatCount(done)} of ${formatCount(total)} steps done`;
  return `${start}, with ${steps}${failed > 0 ? ` and ${formatCount(failed)} failed` : ''}.`;
}

function standing(status: string, took: string): string {
  if (status === 'planned') return 'Planned, not begun';
  if (status === 'unknown') return took === '' ? 'Its state is not known' : `Not heard of since; ${took} are known`;
  const word = status.replaceAll('_', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Where the time went, for one sentence: `62 % was work; 38 % was waiting: 22 % rate limit, 16 % approval.` Empty when nothing is known. */
export function whereTimeWent(path: CriticalPath): string {
  const shares = sharesOf(path);
  if (shares.length === 0) return '';
  const work = shares.filter(({ kind }) => kind === 'run').reduce((sum, { part }) => sum + part, 0);
  const rest = shares.filter(({ kind }) => kind !== 'run');
  if (rest.length === 0) return 'All of it was work.';
  const named = rest.slice(0, 3).map(({ kind, part }) => `${formatPart(part)} ${kindLook(kind).label}`);
  if (rest.length > 3) named.push('more below');
  return `${formatPart(work)} of it was work, ${named.join(', ')}.`;
}

/** The step that failed first, and stayed failed. */
export function firstFailure(rows: readonly Row[]): Row | undefined {
  let first: Row | undefined;
  for (const row of rows) {
    if (hasFailed(row.status) && (first === undefined || lastInstant(row) < lastInstant(first))) first = row;
  }
  return first;
}
