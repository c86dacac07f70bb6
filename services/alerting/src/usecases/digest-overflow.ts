// When more waits for a receiver than it takes in a while, what waits goes as one message.
import type { LabelSet } from '../domain/label-set.ts';
import type { Matcher } from '../domain/matcher.ts';
import { isUrgent } from '../domain/urgency.ts';
import type { LedgerStore, NewDigest, WaitingNotification } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import { digestOf } from './digest-doc.ts';
import type { SinkGates } from './sink-gates.ts';

interface Digesting {
  readonly ledger: Pick<LedgerStore, 'digest'>;
  readonly gates: Pick<SinkGates, 'crowded' | 'thinned'>;
  readonly takesDigests: (receiver: string, integration: string) => boolean;
  readonly urgent: () => readonly Matcher[];
  readonly clock: Clock;
  readonly newId: () => string;
  readonly externalUrl: () => string;
  /** A digest waits to be sent. */
  readonly stored: () => void;
}

/** More than so many that wait longer than so are an overflow. */
const mostWaiting = 10;
const longestWaitMs = 10_000;

/** Whether any alert of a message waits for nobody. */
export const aboutUrgent =
  (urgent: () => readonly Matcher[]) =>
  ({ doc }: { readonly doc: string }): boolean =>
    (JSON.parse(doc) as { alerts: readonly { labels: LabelSet }[] }).alerts.some(({ labels }) => isUrgent(labels, urgent()));

/**
 * Looks once at the receivers whose token buckets keep messages waiting in this process; to be called every second or so.
 *
 *   O1  a message with an urgent alert goes by itself, always
 *   O2  as long as no more than `mostWaiting` messages wait longer than `longestWaitMs`, each goes by itself
 *   O3  a digest is of one namespace
 *   O4  receivers that keep records get no digest: what is over their limit waits
 */
export function digestOverflow({ ledger, gates, takesDigests, urgent, clock, newId, externalUrl, stored }: Digesting) {
  const isAboutUrgent = aboutUrgent(urgent);
  return async (): Promise<number> => {
    const nowMs = clock();
    let count = 0;
    for (const to of gates.crowded(nowMs, longestWaitMs)) {
      if (!takesDigests(to.receiver, to.integration)) continue;
      const inside = await ledger.digest(to, nowMs, (waiting) => decide(waiting, nowMs));
      if (inside > 0) gates.thinned(to);
      count += inside;
    }
    if (count > 0) stored();
    return count;
  };

  function decide(waiting: readonly WaitingNotification[], nowMs: number): NewDigest[] {
    const plain = waiting.filter((each) => !isAboutUrgent(each));
    return [...Map.groupBy(plain, ({ namespace }) => namespace).values()].flatMap((some) => {
      const long = some.filter(({ createdAtMs, dueMs }) => Math.max(dueMs, nowMs) - createdAtMs > longestWaitMs);
      if (long.length <= mostWaiting) return [];
      return digestOf(newId(), some, externalUrl()) ?? [];
    });
  }
}
