// An alert about alerting itself: what is not told in time, and what does not arrive.
import { promisedMs } from '../domain/delivery-lateness.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { deliveryFailing, deliveryLate, isAboutDelivery, lastsMs } from '../domain/rules/delivery-alerts.ts';
import type { MadeAlert } from '../domain/rules/rule.ts';
import type { DeadLetter, LedgerStore } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import type { Board } from './board.ts';
import type { Derive } from './receive-alerts.ts';
import type { SinkGates } from './sink-gates.ts';
import type { untoldAlerts } from './untold-alerts.ts';

interface Watching {
  readonly derive: Derive;
  readonly board: Board;
  readonly ledger: Pick<LedgerStore, 'deadSince'>;
  readonly gates: Pick<SinkGates, 'open'>;
  readonly untold: ReturnType<typeof untoldAlerts>;
  readonly clock: Clock;
}

/** Where circuits belong: they are the process's. */
const ownNamespace = 'default';
const deadForMs = 60 * 60_000;
const mostDead = 1_000;
/** A receiver that nobody has tried for so long is not known to fail. */
const triedWithinMs = 10 * 60_000;

/**
 * Looks once; to be called every few seconds, by every replica.
 *
 *   V1  however many replicas look, an alert begins once: they say the same labels, and only what ends soon is said again
 *   V2  an alert ends by itself soon after nobody says that it goes on
 *   V3  what becomes of these alerts themselves raises nothing
 */
export function watchDeliveries({ derive, board, ledger, gates, untold, clock }: Watching) {
  return async (): Promise<void> => {
    const nowMs = clock();
    const late = Map.groupBy(await untold(nowMs), ({ alert, receiver }) => JSON.stringify([alert.namespace, receiver]));
    const dead = (await ledger.deadSince(nowMs - deadForMs, mostDead)).filter((letter) => !isOwn(letter));
    const failing = [
      ...gates
        .open(nowMs)
        .filter(({ openSinceMs = nowMs, triedMs }) => nowMs - openSinceMs >= promisedMs && nowMs - triedMs < triedWithinMs)
        .map((gate) => deliveryFailing(ownNamespace, gate, 'circuit', '', nowMs)),
      ...dead.map((letter) => deliveryFailing(letter.namespace, letter, 'dead', letter.error, nowMs)),
    ];
    const alerts = [
      ...[...late.values()].flatMap(([first, ...rest]) =>
        first === undefined
          ? []
          : deliveryLate(
              first.alert.namespace,
              first.receiver,
              [first, ...rest].map(({ alert }) => alert.labels.alertname ?? alert.fingerprint),
              nowMs,
            ),
      ),
      // The first says why.
      ...new Map(failing.toReversed().map((each) => [nameOf(each), each])).values(),
    ].filter((made) => !goesOn(made, nowMs));
    if (alerts.length === 0) return;
    await derive(() => Promise.resolve(alerts.map(({ namespace, posted }) => ({ namespace, posted: [posted] }))));
  };

  function goesOn({ namespace, posted }: MadeAlert, nowMs: number): boolean {
    const known = board.alert(namespace, fingerprintOf(posted.labels));
    return known?.told === 'firing' && known.endsAtMs - nowMs > lastsMs / 2;
  }

  function isOwn({ namespace, firing, resolved }: DeadLetter): boolean {
    const labels = [...firing, ...resolved].map((fingerprint) => board.alert(namespace, fingerprint)?.labels);
    return labels.length > 0 && labels.every((each) => each !== undefined && isAboutDelivery(each));
  }
}

const nameOf = ({ namespace, posted }: MadeAlert): string => `${namespace} ${fingerprintOf(posted.labels)}`;
