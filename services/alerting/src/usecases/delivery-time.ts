// How long it takes until a person is told, as metrics: each occurrence counts once, where it was told first.
import { firstTold, happenedMs, isSeenByPeople, kindOf, severityWord } from '../domain/delivery-lateness.ts';
import { type CompiledSilence } from '../domain/muting.ts';
import { silences } from '../domain/silence.ts';
import type { Finished, LedgerStore } from '../ledger-ports.ts';
import type { StoredAlert, TakenNotification } from '../ports.ts';
import type { Board } from './board.ts';

export interface ToldPerson {
  readonly severity: string;
  readonly kind: string;
  readonly tookMs: number;
}

interface Timing {
  readonly board: Pick<Board, 'alert' | 'placements' | 'silencesFor'>;
  readonly claimFirst: LedgerStore['claimFirst'];
  readonly observe: (told: ToldPerson) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Told of each message that was sent.
 *
 *   D1  an occurrence counts once over all replicas: with the message that told a person first. Repeats and escalations count nothing
 *   D2  what a silence muted in between counts nothing: nobody was to be told
 */
export function deliveryTime({ board, claimFirst, observe, failed }: Timing) {
  const observed = (alert: StoredAlert, integration: string, createdAtMs: number, nowMs: number): void => {
    const fromMs = happenedMs(alert.startsAtMs, receivedMs(alert, createdAtMs));
    if (mutedSince(alert, board.silencesFor(alert.namespace, alert.labels), fromMs, nowMs)) return;
    observe({ severity: severityWord(alert.labels), kind: kindOf(integration), tookMs: Math.max(0, nowMs - fromMs) });
  };
  return (notification: TakenNotification, { before }: Finished, nowMs: number): void => {
    const { namespace, integration, reason, firing, createdAtMs } = notification;
    if (firing.length === 0 || reason === 'repeat' || reason === 'escalation' || !isSeenByPeople(integration)) return;
    const alerts = firstTold(firing, before).flatMap((fingerprint) => board.alert(namespace, fingerprint) ?? []);
    // One that only this route tells was told first if its group says so.
    const shared = alerts.filter((alert) => board.placements(alert).length > 1);
    for (const alert of alerts) if (!shared.includes(alert)) observed(alert, integration, createdAtMs, nowMs);
    if (shared.length === 0) return;
    const claimed = shared.map((alert) => ({
      namespace,
      fingerprint: alert.fingerprint,
      firedMs: receivedMs(alert, createdAtMs),
    }));
    claimFirst(claimed).then((first) => {
      const mine = new Set(first.map(({ fingerprint }) => fingerprint));
      for (const alert of shared) if (mine.has(alert.fingerprint)) observed(alert, integration, createdAtMs, nowMs);
    }, failed);
  };
}

/** When an occurrence was first known here. One that ended meanwhile was known when its message was made. */
const receivedMs = ({ told, toldAtMs }: StoredAlert, createdAtMs: number): number =>
  told === 'firing' ? Math.min(toldAtMs, createdAtMs) : createdAtMs;

/** Whether a silence that is still known held the alert at any time between. */
export const mutedSince = (alert: StoredAlert, among: readonly CompiledSilence[], fromMs: number, toMs: number): boolean =>
  among.some(
    ({ silence, matchers }) => silence.startsAtMs < toMs && silence.endsAtMs > fromMs && silences(matchers, alert.labels),
  );
