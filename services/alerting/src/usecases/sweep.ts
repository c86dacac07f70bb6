import type { OutgoingRecord } from '@tmws/events';
import { isOver } from '../domain/handling.ts';
import type { Matcher } from '../domain/matcher.ts';
import { type AlertPolicy, noPolicy } from '../domain/policy.ts';
import type { AlertStore, Clock, HistoryEntry } from '../ports.ts';
import type { Board } from './board.ts';
import { told } from './told.ts';
import { underPolicy } from './under-policy.ts';

interface Sweeping {
  readonly store: AlertStore;
  readonly board: Board;
  readonly clock: Clock;
  /** How long resolved alerts are kept: until every group has told of them. */
  readonly keepResolvedMs: () => number;
  /** How long after its end a silence is kept; absent: for ever. */
  readonly keepExpiredMs?: number;
  readonly policy?: () => AlertPolicy;
  readonly bypass?: () => readonly Matcher[];
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
}

const dropExpiredEveryMs = 60_000;

/** Notices that alerts ended because nobody sent them again, and forgets those that are long resolved. Any replica may. */
export function sweepAlerts({ store, board, clock, keepResolvedMs, keepExpiredMs, policy, bypass, eventsOf }: Sweeping) {
  let dropExpiredAtMs = -Infinity;
  const dropExpired = async (nowMs: number, keepMs: number): Promise<void> => {
    if (nowMs < dropExpiredAtMs) return;
    await store.dropExpired(nowMs - keepMs);
    board.dropExpired(nowMs - keepMs);
    dropExpiredAtMs = nowMs + dropExpiredEveryMs;
  };
  return async (): Promise<number> => {
    const nowMs = clock();
    // Also for who asks: what other replicas stored is known here after one sweep at the latest.
    await board.refresh(store);
    let ended = 0;
    if (anyEnded(board, nowMs)) {
      const put = await store.write(nowMs, async (writing) => {
        await board.refresh(writing);
        const seen = [...board.namespaces()].flatMap((namespace) =>
          [...board.alerts(namespace)]
            .filter((alert) => alert.told === 'firing' && isOver(alert, nowMs))
            .map((alert) => {
              const { alert: next, entries } = told(namespace, alert, alert, 'same', nowMs);
              const what = underPolicy(next, false, policy?.() ?? noPolicy, bypass?.() ?? [], nowMs);
              return { alert: what.alert, entries: [...entries, ...what.entries] };
            }),
        );
        const entries = seen.flatMap((each) => each.entries);
        const alerts = await writing.putAlerts(seen.map(({ alert }) => alert));
        await writing.remember(entries);
        await writing.send(eventsOf(entries));
        return alerts;
      });
      board.apply(put);
      ended = put.length;
    }
    const beforeMs = nowMs - keepResolvedMs();
    await store.dropResolved(beforeMs);
    board.dropResolved(beforeMs);
    if (keepExpiredMs !== undefined) await dropExpired(nowMs, keepExpiredMs);
    return ended;
  };
}

function anyEnded(board: Board, nowMs: number): boolean {
  for (const namespace of board.namespaces())
    for (const alert of board.alerts(namespace)) if (alert.told === 'firing' && isOver(alert, nowMs)) return true;
  return false;
}
