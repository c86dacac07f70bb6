import type { OutgoingRecord } from '@tmws/events';
import type { Finished, LedgerStore } from '../ledger-ports.ts';
import type { Clock, Delivery, HistoryEntry, Sink, SinkAnswer, TakenNotification } from '../ports.ts';
import type { Refusals } from './refusals.ts';
import type { SinkGates } from './sink-gates.ts';

export type { Sink, SinkAnswer } from '../ports.ts';

interface Delivering {
  readonly ledger: Pick<LedgerStore, 'finish'>;
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  readonly gates: Pick<SinkGates, 'answered'>;
  readonly refusals: Pick<Refusals, 'refused' | 'sent'>;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  /** After so long a notification that cannot be sent is dead. */
  readonly giveUpAfterMs: number;
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
  /** Told of those that were sent and are written down as this one's. */
  readonly sent?: (notification: TakenNotification, finished: Finished, nowMs: number) => void;
  /** Told of each attempt. */
  readonly attempted?: (notification: TakenNotification, result: 'sent' | 'failed' | 'dead') => void;
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

/** Sends a notification that was taken, and writes down what came of it. One that is given up is not sent, for the reason given. */
export function deliver({
  ledger,
  sinkOf,
  gates,
  refusals,
  clock,
  random,
  giveUpAfterMs,
  eventsOf,
  sent,
  attempted,
}: Delivering) {
  return async (notification: TakenNotification, givenUp?: string): Promise<Delivery> => {
    const { attempts, createdAtMs } = notification;
    const answer = givenUp === undefined ? await answerTo(notification) : refused(givenUp);
    const nowMs = clock();
    const delivery = deliveryOf(answer, nowMs);
    const entries = entriesOf(notification, delivery, nowMs);
    const dead = !delivery.sent && delivery.retryAtMs === undefined;
    if (!answer.sent && answer.permanent && givenUp === undefined) refusals.refused(notification, nowMs);
    const replaces = dead || (delivery.sent && refusals.sent(notification));
    const finished = await ledger.finish(notification, delivery, nowMs, { entries, records: eventsOf(entries), replaces });
    attempted?.(notification, delivery.sent ? 'sent' : dead ? 'dead' : 'failed');
    if (delivery.sent && finished !== undefined) sent?.(notification, finished, nowMs);
    return delivery;

    function deliveryOf(given: SinkAnswer, atMs: number): Delivery {
      if (given.sent) return given;
      const retryAtMs = atMs + Math.max(given.retryAfterMs ?? 0, retryWaitMs(attempts, random()));
      const over = given.permanent || retryAtMs - createdAtMs > giveUpAfterMs;
      const { progress } = given;
      return { sent: false, error: given.error.slice(0, 1000), retryAtMs: over ? undefined : retryAtMs, progress };
    }
  };

  async function answerTo(notification: TakenNotification): Promise<SinkAnswer> {
    const { receiver, integration } = notification;
    const sink = sinkOf(receiver, integration);
    let answer: SinkAnswer | undefined;
    try {
      answer =
        sink === undefined
          ? refused(`there is no ${integration} in receiver ${JSON.stringify(receiver)} any more`)
          : await sink(notification);
      return answer;
    } finally {
      gates.answered(notification, answer, clock());
    }
  }
}

const refused = (error: string): SinkAnswer => ({ sent: false, permanent: true, error });

function entriesOf(notification: TakenNotification, delivery: Delivery, atMs: number): HistoryEntry[] {
  if (!delivery.sent && delivery.retryAtMs !== undefined) return [];
  const { namespace, id, receiver, integration, firing, resolved, reason, attempts, replayOf } = notification;
  const kind = delivery.sent ? 'notified' : 'undeliverable';
  const doc = {
    notification: id,
    receiver,
    integration,
    reason,
    attempts,
    ...(replayOf !== undefined && { replayOf }),
    ...(delivery.sent ? { receipt: delivery.receipt } : { error: delivery.error }),
  };
  return [...firing, ...resolved].map((fingerprint) => ({ namespace, fingerprint, atMs, kind, doc }));
}
