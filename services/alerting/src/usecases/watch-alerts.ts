import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../ports.ts';
import { readFilter } from './alert-filter.ts';
import type { Board } from './board.ts';
import { type AlertCounts, countAlerts } from './count-alerts.ts';
import type { FiringView } from './firing-alerts.ts';

interface Watching {
  readonly board: Pick<Board, 'revision'>;
  readonly firing: (namespace: string) => FiringView;
  readonly clock: Clock;
  /** How often is looked, and so told at most. */
  readonly everyMs?: number;
}

/** Time alone mutes and unmutes, without a revision: this often it is counted anyway. */
const countEveryMs = 2_000;
const everything = readFilter({ filters: [], states: [], receiver: '', assignee: '' });

/**
 * Tells that something changed since a revision, and what fires then, until the caller leaves.
 *
 *   W1  a change after `since` is told, once or together with later ones; 0 = from now on
 *   W2  at most one is told each `everyMs`
 */
export function watchAlerts({ board, firing, clock, everyMs = 500 }: Watching) {
  return async function* (
    namespace: string,
    since: bigint,
    signal: AbortSignal,
  ): AsyncIterable<{ revision: bigint; counts: AlertCounts }> {
    let seen = since > 0n ? since : board.revision(namespace);
    // A revision that is not here yet was given by another replica, or by a store that is gone.
    if (seen > board.revision(namespace)) seen = -1n;
    let told = since > 0n ? '' : textOf(countAlerts(firing(namespace), everything));
    let countedMs = clock();
    while (!signal.aborted) {
      const revision = board.revision(namespace);
      if (revision !== seen || clock() - countedMs >= countEveryMs) {
        const counts = countAlerts(firing(namespace), everything);
        countedMs = clock();
        const text = textOf(counts);
        if (revision !== seen || text !== told) yield { revision, counts };
        [seen, told] = [revision, text];
      }
      await wait(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
}

const textOf = (counts: AlertCounts): string => JSON.stringify(counts);
