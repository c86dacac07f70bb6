// What is asked of the ledger: groups, and the messages about them.
import type { OutgoingRecord } from '@tmws/events';
import type {
  AlertStore,
  Delivery,
  DueGroup,
  FreshGroup,
  GroupOutcome,
  HistoryEntry,
  NewNotification,
  Notified,
  TakenNotification,
} from './ports.ts';

/** Groups and the ledger of notifications. Any number of replicas work on it. */
export interface LedgerStore {
  /** Looks at groups that are due, in one transaction; a group is looked at by one at a time. @returns how many were due */
  flush(
    nowMs: number,
    limit: number,
    owner: string,
    look: (due: DueGroup[], store: Pick<AlertStore, 'changedAlerts' | 'changedSilences'>) => Promise<GroupOutcome[]>,
  ): Promise<{ due: number; taken: TakenNotification[] }>;
  /** As `flush`, of groups that need not be read. @returns also how many were left, as others hold or changed them: those are still due */
  flushFresh(
    groups: readonly FreshGroup[],
    outcomes: readonly GroupOutcome[],
    owner: string,
    nowMs: number,
  ): Promise<{ left: number; taken: TakenNotification[] }>;
  /** When the next group or pending notification is due; undefined: none is. */
  nextDueMs(): Promise<number | undefined>;
  /** The same of each. */
  nextDue(): Promise<{ readonly groupMs: number | undefined; readonly notificationMs: number | undefined }>;
  /** Takes notifications whose time has come, or whose owner is gone. */
  take(nowMs: number, limit: number, owner: string): Promise<TakenNotification[]>;
  /**
   * Gives back what was taken and not tried, until then. The attempt that was counted is not.
   *
   * @returns those that somebody else holds for the moment: they are this owner's still
   */
  postpone(taken: readonly Postponed[]): Promise<Postponed[]>;
  /**
   * Writes down what came of it. When a digest is sent, what it stands for counts as told to their groups; when it is dead, they are.
   * With `replaces`, dead letters of its group about the same are superseded, but for those that somebody holds.
   *
   * @returns undefined if another took it meanwhile: its answer counts
   */
  finish(
    notification: TakenNotification,
    delivery: Delivery,
    nowMs: number,
    told: { entries: readonly HistoryEntry[]; records: readonly OutgoingRecord[]; replaces?: boolean },
  ): Promise<Finished | undefined>;
  /**
   * Puts messages that wait for one integration, and were never tried, into digests: all of it or nothing, and none that somebody
   * holds.
   *
   * @returns how many went in
   */
  digest(
    to: { readonly receiver: string; readonly integration: string },
    nowMs: number,
    decide: (waiting: readonly WaitingNotification[]) => readonly NewDigest[],
  ): Promise<number>;
  /**
   * Makes of each dead letter a message that sends it again, due at once; what went in a dead digest goes again in its replay. One that
   * is replayed is no dead letter any more.
   */
  replay(
    chosen: DeadLetters,
    by: string,
    nowMs: number,
    eventsOf: (entries: readonly HistoryEntry[]) => OutgoingRecord[],
  ): Promise<Replayed>;
  /** Dead letters since then that nobody replayed, the latest first. */
  deadSince(sinceMs: number, limit: number): Promise<DeadLetter[]>;
  /** Which of these occurrences nobody was told of yet; they count as told from now on. */
  claimFirst(
    occurrences: readonly { readonly namespace: string; readonly fingerprint: string; readonly firedMs: number }[],
  ): Promise<{ readonly namespace: string; readonly fingerprint: string }[]>;
}

export interface Postponed {
  readonly notification: TakenNotification;
  readonly dueMs: number;
}

/** What is known of a message's group once it is written down. */
export interface Finished {
  /** What its integrations were told before this one, by name; empty: it has no group. */
  readonly before: ReadonlyMap<string, Notified>;
}

/** A message that waits to be sent for the first time. */
export interface WaitingNotification extends NewNotification {
  readonly namespace: string;
  readonly createdAtMs: number;
  readonly dueMs: number;
}

/** One message in place of several of a namespace. */
export interface NewDigest extends NewNotification {
  readonly namespace: string;
  readonly groupKey: string;
  /** Ids of those it stands for. */
  readonly of: readonly string[];
}

/** Of one namespace: by id, or by what they are. */
export type DeadLetters = { readonly namespace: string; readonly limit: number } & (
  { readonly ids: readonly string[] } | { readonly ids?: undefined; readonly receiver: string; readonly sinceMs: number }
);

export interface Replayed {
  /** Ids that are dead letters no more. */
  readonly replayed: readonly string[];
  /** More were chosen than `limit`. */
  readonly more: boolean;
}

export interface DeadLetter {
  readonly namespace: string;
  readonly receiver: string;
  readonly integration: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly finishedMs: number;
  readonly error: string;
}
