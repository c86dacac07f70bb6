import { Problem } from '@tmws/problems';
import type { OutgoingRecord } from '@tmws/events';
import type { LedgerStore } from '../ledger-ports.ts';
import type { Clock, HistoryEntry } from '../ports.ts';
import { uuid } from './list-notifications.ts';

export interface ReplayAsked {
  readonly ids: readonly string[];
  /** '' = any. */
  readonly receiver: string;
  /** Dead since then; undefined: ever. */
  readonly sinceMs: number | undefined;
  readonly all: boolean;
  readonly by: string;
}

export interface ReplayAnswer {
  /** Dead letters that are none any more. */
  readonly replayed: number;
  /** Ids that are no dead letter of the namespace, or were replayed before. */
  readonly unknown: readonly string[];
  readonly more: boolean;
}

interface Replaying {
  readonly ledger: Pick<LedgerStore, 'replay'>;
  readonly clock: Clock;
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
  /** They wait to be sent. */
  readonly stored: () => void;
}

const mostIds = 1_000;
const mostAtOnce = 10_000;
/** In one transaction. */
const portion = 1_000;

/**
 * Sends dead letters again as they were, each as a message of its own that is due at once.
 *
 * @throws Problem `invalid` if it does not say which, or says it twice
 */
export function replayNotifications({ ledger, clock, eventsOf, stored }: Replaying) {
  return async (namespace: string, { ids, receiver, sinceMs, all, by }: ReplayAsked): Promise<ReplayAnswer> => {
    if (ids.length === 0 && !all)
      throw refusal('ids', 'ids must name the dead letters, or all must be true with receiver and since as they are wanted');
    if (ids.length > 0 && (all || receiver !== '' || sinceMs !== undefined))
      throw refusal('ids', 'ids say which; leave all, receiver and since away, or leave ids away');
    if (ids.length > mostIds) throw refusal('ids', `ids must be at most ${mostIds} (got ${ids.length})`);
    const wanted = [...new Set(ids)];
    const known = wanted.filter((id) => uuid.test(id));
    const nowMs = clock();
    const replay = (chosen: Parameters<LedgerStore['replay']>[0]) => ledger.replay(chosen, by, nowMs, eventsOf);
    if (ids.length > 0) {
      const { replayed } = await replay({ namespace, ids: known, limit: mostIds });
      if (replayed.length > 0) stored();
      const done = new Set(replayed);
      return { replayed: replayed.length, unknown: wanted.filter((id) => !done.has(id)), more: false };
    }
    let count = 0;
    let more = true;
    while (more && count < mostAtOnce) {
      const next = await replay({ namespace, receiver, sinceMs: sinceMs ?? 0, limit: portion });
      count += next.replayed.length;
      more = next.more;
      if (next.replayed.length > 0) stored();
    }
    return { replayed: count, unknown: [], more };
  };
}

const refusal = (field: string, message: string): Problem => new Problem('invalid', message, { field });
