import type { OutgoingRecord } from '@tmws/events';
import type { Clock, Delivery, HistoryEntry, LedgerStore, Sink, SinkAnswer, TakenNotification } from '../ports.ts';

export type { Sink, SinkAnswer } from '../ports.ts';

interface Delivering {
  readonly ledger: LedgerStore;
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  /** After so long a notification that cannot be sent is dead. */
  readonly giveUpAfterMs: number;
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
}

const firstWaitMs = 500;
const longestWaitMs = 5 * 60_000;

/**
 * How long to wait after so many attempts: doubled each time from half a second to five minutes, of that half to all, so that
 * those who failed together do not come back together.
 */
export function retryWaitMs(attempts: number, random: number): number {
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(20, attempts - 1));
  return most * (0.5 + random / 2);
}

/** Sends a notification that was taken, and writes down what came of it. */
export function deliver({ ledger, sinkOf, clock, random, giveUpAfterMs, eventsOf }: Delivering) {
  return async (notification: TakenNotification): Promise<Delivery> => {
    const { receiver, integration, attempts, createdAtMs } = notification;
    const sink = sinkOf(receiver, integration);
    const answer: SinkAnswer =
      sink === undefined
        ? { sent: false, permanent: true, error: `there is no ${integration} in receiver ${JSON.stringify(receiver)} any more` }
        : await sink(notification);
    const nowMs = clock();
    const delivery = deliveryOf(answer, nowMs);
    const entries = entriesOf(notification, delivery, nowMs);
    await ledger.finish(notification, delivery, nowMs, { entries, records: eventsOf(entries) });
    return delivery;

    function deliveryOf(given: SinkAnswer, atMs: number): Delivery {
      if (given.sent) return given;
      const retryAtMs = atMs + Math.max(given.retryAfterMs ?? 0, retryWaitMs(attempts, random()));
      const over = given.permanent || retryAtMs - createdAtMs > giveUpAfterMs;
      const { progress } = given;
      return { sent: false, error: given.error.slice(0, 1000), retryAtMs: over ? undefined : retryAtMs, progress };
    }
  };
}

function entriesOf(notification: TakenNotification, delivery: Delivery, atMs: number): HistoryEntry[] {
  if (!delivery.sent && delivery.retryAtMs !== undefined) return [];
  const { namespace, id, receiver, integration, firing, resolved, reason, attempts } = notification;
  const kind = delivery.sent ? 'notified' : 'undeliverable';
  const doc = {
    notification: id,
    receiver,
    integration,
    reason,
    attempts,
    ...(delivery.sent ? { receipt: delivery.receipt } : { error: delivery.error }),
  };
  return [...firing, ...resolved].map((fingerprint) => ({ namespace, fingerprint, atMs, kind, doc }));
}
