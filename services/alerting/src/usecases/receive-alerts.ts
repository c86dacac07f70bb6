// Alerts that arrive are stored before anyone is told that they were taken. What waits is stored together, so that many small
// requests cost as few commits as the disk allows.
import type { OutgoingRecord } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { acceptAlerts, type AlertFault, type AlertRules, mergeAlert, type Alert, type PostedAlert } from '../domain/alert.ts';
import { joinLingering } from '../domain/handling.ts';
import type { Matcher } from '../domain/matcher.ts';
import { type AlertPolicy, noPolicy } from '../domain/policy.ts';
import type { AlertBatch, AlertStore, AlertWriting, Clock, FreshGroup, HistoryEntry, KnownAlert } from '../ports.ts';
import type { Board } from './board.ts';
import { placesOf } from './places-of.ts';
import { told } from './told.ts';
import { underPolicy } from './under-policy.ts';

interface Receiving {
  readonly store: AlertStore;
  readonly board: Board;
  readonly clock: Clock;
  readonly rules: () => AlertRules;
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
  /** Absent: Alertmanager's behaviour. */
  readonly policy?: () => AlertPolicy;
  /** Events of what history says. */
  readonly eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[];
  /** Told after each commit. */
  readonly stored: (what: Stored) => void;
}

/** What there is to do after a commit. */
export interface Stored {
  /** Whether events wait to be sent. */
  readonly events: boolean;
  /** Groups that are due already and need not be read. */
  readonly fresh: readonly FreshGroup[];
  /** When the first of the others is. */
  readonly dueMs: number;
}

interface Arriving {
  readonly namespace: string;
  readonly alerts: readonly Alert[];
}

interface Waiting extends Arriving {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Alerts that rules make, in the transaction of what they made them of. */
export type Derive = (
  work: (writing: AlertWriting, nowMs: number) => Promise<readonly { namespace: string; posted: readonly PostedAlert[] }[]>,
) => Promise<void>;

/** Most alerts of one commit, and most that wait for one. */
const portion = 4_000;
const mostWaiting = 100_000;

/** Takes alerts in. */
export function receiveAlerts({ store, board, clock, rules, bypass, policy = () => noPolicy, eventsOf, stored }: Receiving) {
  const waiting: Waiting[] = [];
  let waitingAlerts = 0;
  let storing = false;

  const storeSome = async (): Promise<void> => {
    storing = true;
    while (waiting.length > 0) {
      const some = takeSome(waiting);
      waitingAlerts -= some.reduce((sum, { alerts }) => sum + alerts.length, 0);
      try {
        const what = (await storeAtOnce(some)) ?? (await storeTogether(() => Promise.resolve(some)));
        for (const { done } of some) done();
        stored(what);
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
    storing = false;
  };

  const storeTogether = async (
    arriving: (writing: AlertWriting, nowMs: number) => Promise<readonly Arriving[]>,
  ): Promise<Stored> => {
    const nowMs = clock();
    const { put, batch } = await store.write(nowMs, async (writing) => {
      await board.refresh(writing);
      const batch = batchOf(await arriving(writing, nowMs), nowMs);
      const put = await writing.putAlerts(batch.alerts);
      await writing.remember(batch.entries);
      await writing.place(batch.places);
      await writing.send(batch.records);
      return { put, batch };
    });
    board.apply(put);
    return { events: batch.records.length > 0, fresh: [], dueMs: firstDue(batch.places) };
  };

  /** In one round trip, as long as nobody else has written. @returns undefined if somebody has: nothing was stored */
  const storeAtOnce = async (some: readonly Arriving[]): Promise<Stored | undefined> => {
    const nowMs = clock();
    const batch = batchOf(some, nowMs);
    const stored = await store.storeAfter(board.settled(), nowMs, batch);
    if (stored === undefined) return undefined;
    const { alerts, fresh } = stored;
    board.apply(alerts);
    const later = batch.places.filter(({ flushAtMs, hurryAtMs }) => Math.min(flushAtMs, hurryAtMs ?? flushAtMs) > nowMs);
    // One that is due and not fresh is known: it keeps its time, unless it is hurried.
    const allFresh = fresh.length === batch.places.length - later.length;
    const others = allFresh ? later : [...later, ...batch.places.filter(({ hurryAtMs }) => hurryAtMs !== undefined)];
    return { events: batch.records.length > 0, fresh, dueMs: firstDue(others) };
  };

  /** What comes of alerts that arrive, by what the board knows. */
  const batchOf = (some: readonly Arriving[], nowMs: number): AlertBatch => {
    const changed = new Map<string, KnownAlert>();
    const entries: HistoryEntry[] = [];
    const fired: KnownAlert[] = [];
    for (const { namespace, alerts } of some) {
      for (const next of alerts) {
        const key = `${next.fingerprint} ${namespace}`;
        const known = changed.get(key) ?? board.alert(namespace, next.fingerprint);
        const { alert, occurrence } = joinLingering(known, mergeAlert(known, next, nowMs), nowMs);
        const what = told(namespace, known, alert, occurrence, nowMs);
        const handled = underPolicy(what.alert, what.fired, policy(), bypass(), nowMs);
        changed.set(key, handled.alert);
        entries.push(...what.entries, ...handled.entries);
        if (handled.counts) fired.push(handled.alert);
      }
    }
    return {
      alerts: [...changed.values()],
      entries,
      places: placesOf(board, fired, bypass(), nowMs),
      records: eventsOf(entries),
    };
  };

  /**
   * Resolves once every valid one is stored, with what is wrong with the others.
   *
   * @throws Problem `unavailable` when the store is away, or too many wait already: none of these was taken
   */
  const receive = async (namespace: string, posted: readonly PostedAlert[]): Promise<AlertFault[]> => {
    const { alerts, faults } = acceptAlerts(posted, rules(), clock());
    if (alerts.length === 0) return faults;
    if (waitingAlerts + alerts.length > mostWaiting) {
      throw new Problem('unavailable', `${waitingAlerts} alerts wait to be stored, which is as many as may; send these again`, {
        retryAfterMs: 1000,
      });
    }
    waitingAlerts += alerts.length;
    await new Promise<void>((done, failed) => {
      waiting.push({ namespace, alerts, done, failed });
      if (!storing) void storeSome();
    });
    return faults;
  };

  /** Stores what `work` stores, and the alerts it answers with: all of it or nothing. One that is invalid is left out. */
  const derive: Derive = async (work) => {
    stored(
      await storeTogether(async (writing, nowMs) =>
        (await work(writing, nowMs)).map(({ namespace, posted }) => ({
          namespace,
          alerts: acceptAlerts(posted, rules(), nowMs).alerts,
        })),
      ),
    );
  };
  return Object.assign(receive, { derive });
}

const firstDue = (places: AlertBatch['places']): number =>
  places.reduce((least, { flushAtMs, hurryAtMs }) => Math.min(least, flushAtMs, hurryAtMs ?? flushAtMs), Infinity);

function takeSome(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let end = 0;
  while (end < waiting.length && (end === 0 || count + (waiting[end]?.alerts.length ?? 0) <= portion)) {
    count += waiting[end]?.alerts.length ?? 0;
    end++;
  }
  return waiting.splice(0, end);
}
