// What is asked of the store by those who only look.
import type { LabelSet } from './domain/label-set.ts';
import type { HistoryEntry, Notified } from './ports.ts';

/** An entry of history with its place in it: who has seen one has seen all before it. */
export interface StoredEntry extends HistoryEntry {
  readonly no: bigint;
}

/** That an alert began firing. */
export interface FiredEntry {
  readonly no: bigint;
  readonly fingerprint: string;
  readonly atMs: number;
}

export interface HistoryQuery {
  /** Empty: of all alerts. */
  readonly fingerprint: string;
  /** Empty: all. */
  readonly kinds: readonly string[];
  /** Half-open. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** The last one of the page before. */
  readonly before: { readonly atMs: number; readonly no: bigint } | undefined;
  readonly limit: number;
}

/** A group as it waits for its next look. */
export interface WaitingGroup {
  readonly no: bigint;
  readonly routeId: string;
  readonly groupKey: string;
  readonly nextMs: number;
  readonly notified: ReadonlyMap<string, Notified>;
  /** Integrations to which something is on its way. */
  readonly open: ReadonlyMap<string, string>;
}

export type NotificationStatus = 'pending' | 'sending' | 'sent' | 'dead' | 'superseded' | 'digested' | 'replayed';

/** A row of the ledger. */
export interface LedgerEntry {
  readonly id: string;
  readonly groupNo: bigint;
  /** undefined: the group is forgotten. */
  readonly routeId: string | undefined;
  readonly groupKey: string;
  readonly groupLabels: LabelSet;
  readonly receiver: string;
  readonly integration: string;
  readonly status: NotificationStatus;
  readonly reason: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly createdAtMs: number;
  readonly attempts: number;
  readonly dueMs: number;
  readonly finishedMs: number | undefined;
  readonly error: string;
  readonly receipt: string;
  /** The dead letter that it sends again; undefined: none. */
  readonly replayOf: string | undefined;
  /** The digest it went in; undefined: none. */
  readonly digest: string | undefined;
}

export interface LedgerQuery {
  readonly statuses: readonly string[];
  /** Empty: any. */
  readonly receiver: string;
  /** Group keys that may be the group's; undefined: any. */
  readonly groupKeys: readonly string[] | undefined;
  readonly fingerprint: string;
  readonly before: { readonly atMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** What became of messages to one integration. */
export interface DeliveryCounts {
  readonly receiver: string;
  readonly integration: string;
  readonly sent: number;
  readonly dead: number;
  readonly digested: number;
  readonly waiting: number;
  readonly lastSentMs: number | undefined;
  /** Of the last message that failed, if none was sent since; else empty. */
  readonly lastError: string;
}

export interface AlertReads {
  /** Of those that are there. */
  groups(namespace: string, named: readonly { routeId: string; groupKey: string }[]): Promise<WaitingGroup[]>;
  /** The last message of each group that was not superseded. */
  lastNotifications(groupNos: readonly bigint[]): Promise<LedgerEntry[]>;
  /** When alerts began firing on that day (since the epoch, UTC), after the entry `no` and not before `sinceMs`; in order. */
  firedAfter(namespace: string, from: { day: number; no: bigint; sinceMs: number; limit: number }): Promise<FiredEntry[]>;
  lastFiredMs(namespace: string): Promise<number | undefined>;
  /** The latest first. */
  history(namespace: string, query: HistoryQuery): Promise<StoredEntry[]>;
  /** Labels as history has them, of those it knows. */
  labelsOf(namespace: string, fingerprints: readonly string[]): Promise<ReadonlyMap<string, LabelSet>>;
  /** What history says of each occurrence that fired at `atMs`: from its `fired` up to then, in order; at most `limit` alerts. */
  firingAt(namespace: string, atMs: number, limit: number): Promise<StoredEntry[]>;
  /** Alerts that began or ended firing since then, and when that was last; the last first. */
  seenSince(
    namespace: string,
    sinceMs: number,
    limit: number,
  ): Promise<{ fingerprint: string; lastMs: number; labels: LabelSet }[]>;
  /** The latest first. */
  notifications(namespace: string, query: LedgerQuery): Promise<LedgerEntry[]>;
  /** One message, with its data as JSON; undefined: the namespace has none of that id. */
  notification(namespace: string, id: string): Promise<{ readonly entry: LedgerEntry; readonly doc: string } | undefined>;
  /** Group keys of all messages that are kept. */
  groupKeys(namespace: string): Promise<{ groupKey: string; routeId: string | undefined; receiver: string }[]>;
  /** Of these integrations; counts of messages since then. */
  deliveries(
    namespace: string,
    named: readonly { readonly receiver: string; readonly integration: string }[],
    sinceMs: number,
  ): Promise<DeliveryCounts[]>;
}

/** What people did about alerts that a message tells of. */
export interface GroupCare {
  /** The group's name for people, as `groupIdOf` has it; undefined: it is none of a route. */
  readonly groupId: string | undefined;
  /** Who looks after how many of the alerts that fire; the one with most first. */
  readonly acknowledged: readonly { readonly by: string; readonly alerts: number }[];
  /** What silences how many of them; the last to end first. */
  readonly silenced: readonly { readonly by: string; readonly untilMs: number; readonly alerts: number }[];
}

/** As far as it is known here. */
export type LookAtCare = (
  namespace: string,
  group: { readonly receiver: string; readonly groupKey: string },
  fingerprints: readonly string[],
) => GroupCare;
