import { formatDuration } from '@tmws/duration';
import type { Fold, Layout } from '../model/layout.ts';
import { formatCount } from '../model/quantity.ts';
import { hasFailed, lookOf } from '../model/status.ts';
import { nameOf, statusOf, type Steps, timesOf, typeName } from '../model/steps.ts';

/** What a row is called, and how many it stands for where that is more than one. */
export function labelOf(steps: Steps, layout: Layout, entry: number): { name: string; count: string } {
  const row = layout.row[entry] ?? 0;
  const fold = foldAt(layout, entry);
  if (fold !== undefined) {
    const inside = fold.failed && !hasFailed(statusOf(steps, row)) ? ', failures inside' : '';
    return { name: typeName(steps, fold.type), count: `×${formatCount(fold.rows.length)}${inside}` };
  }
  const folded = steps.folds.get(row);
  const name = folded === undefined ? nameOf(steps, row) : typeName(steps, steps.rows.type[row] ?? 0);
  if (folded !== undefined) return { name, count: `×${formatCount(folded.steps)}` };
  const iteration = steps.rows.iteration[row] ?? 0;
  return { name, count: iteration > 0 ? `#${iteration}` : '' };
}

export const foldAt = ({ fold, folds }: Layout, entry: number): Fold | undefined => folds[fold[entry] ?? -1];

/** A row in words: "completed, 2 tries, waited 2 s, ran 5 s, critical". */
export function wordsOf(steps: Steps, layout: Layout, entry: number, nowNs: number): string {
  const row = layout.row[entry] ?? 0;
  const word = lookOf(statusOf(steps, row)).word;
  const fold = foldAt(layout, entry);
  if (fold !== undefined) {
    const { ranNs, waitedNs } = timesOf(steps, fold.longest, nowNs);
    const inside = `${fold.failed && !hasFailed(statusOf(steps, row)) ? ', failures inside' : ''}${fold.critical ? ', critical' : ''}`;
    return `${formatCount(fold.rows.length)} steps ${word}${inside}, the longest ${formatDuration(ranNs + waitedNs)}: ${nameOf(steps, fold.longest)}`;
  }
  const folded = steps.folds.get(row);
  if (folded !== undefined) {
    const failed = folded.failed > 0 ? `, ${formatCount(folded.failed)} failed` : '';
    return `${formatCount(folded.steps)} steps, folded by the server${failed}${folded.critical > 0 ? ', critical' : ''}`;
  }
  const { ranNs, waitedNs } = timesOf(steps, row, nowNs);
  const tries = triesOf(steps, row);
  return [
    word,
    tries > 1 && `${tries} tries`,
    waitedNs > 0 && `waited ${formatDuration(waitedNs)}`,
    ranNs > 0 && `ran ${formatDuration(ranNs)}`,
    steps.rows.critical[row] === 1 && 'critical',
  ]
    .filter(Boolean)
    .join(', ');
}

export function triesOf({ rows, bars }: Steps, row: number): number {
  let tries = 0;
  for (let bar = rows.firstBar[row] ?? -1; bar >= 0; bar = bars.next[bar] ?? -1) tries++;
  return tries;
}

/** The worst status of an entry, which its mark shows. */
export function markOf(steps: Steps, layout: Layout, entry: number): string {
  const row = layout.row[entry] ?? 0;
  const status = statusOf(steps, row);
  return (steps.folds.get(row)?.failed ?? 0) > 0 && !hasFailed(status) ? 'failed' : status;
}
