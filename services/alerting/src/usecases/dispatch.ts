// The dispatcher: looks at groups that are due and sends what they are worth telling. Any number of replicas run one each over the
// same ledger; rows that one has are not seen by the others.
import type { Logger } from '@tmws/telemetry';
import type { LedgerStore } from '../ledger-ports.ts';
import type { Clock, Delivery, DueGroup, FreshGroup, GroupOutcome, TakenNotification } from '../ports.ts';
import type { Board } from './board.ts';
import { openGiveBack } from './give-back.ts';
import type { SinkGates } from './sink-gates.ts';

interface Dispatching {
  readonly ledger: LedgerStore;
  readonly board: Board;
  readonly look: (group: DueGroup, nowMs: number) => GroupOutcome;
  readonly gates: Pick<SinkGates, 'admit'>;
  /** @param givenUp  why it is not sent any more */
  readonly deliver: (notification: TakenNotification, givenUp?: string) => Promise<Delivery>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process among the replicas. */
  readonly owner: string;
  /** How often the ledger is asked when nothing is known to be due: others may have put something there. */
  readonly everyMs: number;
  /** Most that are being sent at once. */
  readonly atOnce: number;
}

export interface Dispatcher {
  /** Something is due then; absent: now. What others put there is found by asking. */
  wake(atMs?: number): void;
  /** These are due, and need not be read; those for which there is no room are found in the ledger. */
  hand(fresh: readonly FreshGroup[]): void;
  /** Lets what is being sent finish. */
  close(): Promise<void>;
}

/** One that waited so long is left to whoever takes it when its lease is over: it might not be sent before that. */
const longestWaitMs = 15_000;
/** Taken ahead of those that are being sent. */
const aheadOf = (atOnce: number): number => Math.max(1, Math.min(atOnce, 256));
const afterFailureMs = 1_000;
/** A receiver that takes longer than the others for as many as it may be sent at once is asked again after this. */
const busyMs = 1_000;
/** What is due may be another's for the moment. */
const leastPauseMs = 10;

interface Waiting {
  readonly notification: TakenNotification;
  readonly takenMs: number;
}

export function openDispatcher(options: Dispatching): Dispatcher {
  const { ledger, board, look, gates, clock, logger, owner, everyMs, atOnce } = options;
  const sending = new Set<Promise<void>>();
  // Taken, and not being sent yet.
  let queue: Waiting[] = [];
  // Of those, what waits until one to the same receiver has ended: never so many that there is no room for the others.
  let aside: Waiting[] = [];
  const mostAside = Math.ceil(aheadOf(atOnce) / 2);
  const mostTaken = atOnce + aheadOf(atOnce);
  const room = (): number => mostTaken - queue.length - aside.length - sending.size;
  // When something is due, as far as is known here.
  let dueMs = -Infinity;
  // When there may be a notification to take, and when it was last tried, by this machine's own clock.
  let takeMs = -Infinity;
  let tookMs = -Infinity;
  let given: FreshGroup[] = [];
  let closing = false;
  let wakeUp: (() => void) | undefined;
  const wake = (atMs = -Infinity): void => {
    if (atMs >= dueMs) return;
    dueMs = atMs;
    wakeUp?.();
  };

  const givingBack = openGiveBack({
    ledger,
    logger,
    given(dueMs) {
      takeMs = Math.min(takeMs, dueMs);
      wake(takeMs);
    },
  });
  const send = (notification: TakenNotification, givenUp?: string): void => {
    const one: Promise<void> = options
      .deliver(notification, givenUp)
      .then(
        (delivery) => {
          if (delivery.sent || delivery.retryAtMs === undefined) return;
          takeMs = Math.min(takeMs, delivery.retryAtMs);
          wake(takeMs);
        },
        // Its lease ends, and somebody takes it again.
        (error: unknown) =>
          logger.warn({ err: error, notification: notification.id }, 'what came of a notification could not be written down'),
      )
      .finally(() => {
        const before = room();
        sending.delete(one);
        if (aside.length > 0) [queue, aside] = [[...aside, ...queue], []];
        sendNext();
        if (before < leastRoom && room() >= leastRoom) wake();
      });
    sending.add(one);
  };
  // Half of what is taken ahead: many are taken at once, and the rest is sent meanwhile.
  const leastRoom = Math.ceil(aheadOf(atOnce) / 2);
  const sendNext = (): void => {
    while (sending.size < atOnce) {
      const [next] = queue;
      if (next === undefined) return;
      const { notification, takenMs } = next;
      const nowMs = clock();
      const admission = performance.now() - takenMs < longestWaitMs ? gates.admit(notification, nowMs) : undefined;
      if (admission?.may === 'queue' && admission.moves && aside.length >= mostAside) return;
      queue.shift();
      if (admission === undefined) continue;
      if (admission.may === 'pass') send(notification);
      else if (admission.may === 'give up') send(notification, admission.error);
      else if (admission.may === 'wait') givingBack.put(notification, admission.untilMs);
      else if (aside.length < mostAside) aside.push(next);
      else givingBack.put(notification, nowMs + busyMs);
    }
  };
  const begin = (taken: readonly TakenNotification[]): void => {
    const takenMs = performance.now();
    for (const notification of taken) queue.push({ notification, takenMs });
    sendNext();
  };
  /** @returns whether there may be more at once */
  const turn = async (): Promise<boolean> => {
    sendNext();
    if (room() < leastRoom) return false;
    if (takeMs <= clock() || performance.now() - tookMs >= everyMs) {
      [takeMs, tookMs] = [Infinity, performance.now()];
      begin(await ledger.take(clock(), room(), owner));
    }
    const groups = room();
    if (groups <= 0) return false;
    const nowMs = clock();
    const { due, taken } = await ledger.flush(nowMs, groups, owner, async (found, store) => {
      await board.refresh(store);
      return found.map((group) => look(group, nowMs));
    });
    begin(taken);
    return due === groups;
  };
  const flushGiven = async (): Promise<void> => {
    const some = given.slice(0, Math.max(0, room()));
    if (some.length < given.length) wake();
    given = [];
    if (some.length === 0) return;
    const nowMs = clock();
    const outcomes = some.map((group) => look(group, nowMs));
    const { taken, left } = await ledger.flushFresh(some, outcomes, owner, nowMs);
    begin(taken);
    for (const outcome of outcomes) if (outcome.forget !== true) wake(outcome.nextFlushMs);
    if (left > 0) wake();
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wakeUp = () => {
        clearTimeout(timer);
        wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(wakeUp, ms);
    });
  const run = async (): Promise<void> => {
    // By this machine's own clock: the other may be a test's.
    let askedMs = -Infinity;
    const untilNextMs = (): number => {
      const sinceAsked = performance.now() - askedMs;
      return Math.min(everyMs - sinceAsked, Math.max(leastPauseMs - sinceAsked, dueMs - clock()));
    };
    while (!closing) {
      try {
        if (given.length > 0) await flushGiven();
        const waitMs = dueMs === -Infinity ? 0 : untilNextMs();
        if (waitMs > 0) {
          if (given.length === 0) await pause(waitMs);
          continue;
        }
        askedMs = performance.now();
        dueMs = Infinity;
        const more = await turn();
        if (more) wake();
        else if (room() >= leastRoom) {
          const { groupMs = Infinity, notificationMs = Infinity } = await ledger.nextDue();
          takeMs = Math.min(takeMs, notificationMs);
          wake(Math.min(groupMs, takeMs));
        }
      } catch (error) {
        logger.warn({ err: error }, 'groups cannot be looked at; it is tried again');
        await pause(afterFailureMs);
      }
    }
  };
  const running = run();
  return {
    wake,
    hand(fresh) {
      if (fresh.length === 0) return;
      given.push(...fresh);
      wakeUp?.();
    },
    async close() {
      closing = true;
      wakeUp?.();
      await running;
      while (sending.size > 0) await Promise.allSettled(sending);
      await givingBack.close();
    },
  };
}
