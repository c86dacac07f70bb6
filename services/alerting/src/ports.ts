import type { OutgoingRecord } from '@tmws/events';
import type { Alert } from './domain/alert.ts';
import type { Handling } from './domain/handling.ts';
import type { LabelSet } from './domain/label-set.ts';
import type { VerdictWriting } from './verdict-ports.ts';

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** Somebody said that they look after an alert. */
export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  readonly comment: string;
}

/** An alert as it is kept. */
export interface KnownAlert extends Alert {
  readonly namespace: string;
  /** What history says last, and since when. An alert whose end passed is `firing` here until somebody has noticed. */
  readonly told: 'firing' | 'resolved';
  readonly toldAtMs: number;
  /** Ends with the occurrence. */
  readonly acknowledged: Acknowledgement | undefined;
  /** '' = nobody. */
  readonly assignee: string;
  /** What a policy makes of it; absent: none does. */
  readonly handling?: Handling | undefined;
}

export interface StoredAlert extends KnownAlert {
  readonly revision: bigint;
}

/** A silence as it is kept. Its matchers are as they were given. */
export interface KnownSilence {
  readonly id: string;
  readonly namespace: string;
  readonly matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

export interface StoredSilence extends KnownSilence {
  readonly revision: bigint;
}

/** One thing that happened to an alert. */
export interface HistoryEntry {
  readonly namespace: string;
  readonly fingerprint: string;
  readonly atMs: number;
  readonly kind:
    | 'fired'
    | 'changed'
    | 'resolved'
    | 'acknowledged'
    | 'unacknowledged'
    | 'assigned'
    | 'commented'
    | 'judged'
    | 'escalated'
    | 'flapping'
    | 'calm'
    | 'notified'
    | 'undeliverable'
    | 'replayed';
  /** What belongs to the kind: who did it (`by`), a sentence (`text`), and what else there is to know. */
  readonly doc: Readonly<Record<string, unknown>>;
}

/** A group that an alert belongs to, and when it is to be looked at. */
export interface GroupPlace {
  readonly namespace: string;
  readonly routeId: string;
  readonly groupKey: string;
  readonly labels: LabelSet;
  /** When, if the group is new. */
  readonly flushAtMs: number;
  /** Then at the latest, also if it is known. */
  readonly hurryAtMs?: number | undefined;
}

/** One alert of a notification, with the fields of Alertmanager's webhook. */
export interface NotificationDocAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: string;
  /** Year 1 while it fires. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** The data of a notification: Alertmanager's webhook body of version 4, which its templates read too. */
export interface NotificationDoc {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly NotificationDocAlert[];
  readonly groupLabels: LabelSet;
  readonly commonLabels: LabelSet;
  readonly commonAnnotations: LabelSet;
  readonly externalURL: string;
  readonly groupKey: string;
  /** Alerts that it is about and that stand in it no more; absent: none. */
  readonly truncatedAlerts?: number | undefined;
}

/** What one integration was told last: fingerprints, and when. */
export interface Notified {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly atMs: number;
  /** Those it was told of as flapping, until it hears that they are calm; absent: none. */
  readonly flapping?: readonly string[] | undefined;
  /** What its sink needs to find the group's message again, as the sink gave it; absent: nothing. */
  readonly handle?: string | undefined;
}

export interface DueGroup {
  readonly no: bigint;
  readonly namespace: string;
  readonly routeId: string;
  readonly groupKey: string;
  readonly labels: LabelSet;
  readonly dueMs: number;
  /** By receiver and integration, as `notifiedName` has it. */
  readonly notified: ReadonlyMap<string, Notified>;
  /** Integrations to which something is on its way: `pending` may be replaced, `sending` may not. */
  readonly open: ReadonlyMap<string, 'pending' | 'sending'>;
  /** Of those that wait and were tried: what the message is about, as `aboutOf` has it. The receiver may have taken it. */
  readonly tried?: ReadonlyMap<string, string>;
}

/** One that was new and due when it was stored. */
export interface FreshGroup extends DueGroup {
  /** It is another after any change. */
  readonly version: string;
}

export interface NewNotification {
  readonly id: string;
  readonly receiver: string;
  readonly integration: string;
  readonly reason: string;
  /** A NotificationDoc as JSON; templates and sinks read it. */
  readonly doc: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** What comes of looking at a group. */
export type GroupOutcome = { readonly no: bigint } & (
  | { readonly forget: true }
  | {
      readonly forget?: false;
      readonly nextFlushMs: number;
      readonly notifications: readonly NewNotification[];
      /** What counts as told though nothing is sent, by the same names. */
      readonly remembered: ReadonlyMap<string, Notified>;
    }
);

/** A notification that this process sends, until its lease ends. */
export interface TakenNotification extends NewNotification {
  readonly namespace: string;
  readonly groupNo: bigint;
  readonly groupKey: string;
  readonly createdAtMs: number;
  /** This one included. */
  readonly attempts: number;
  readonly epoch: number;
  /** What the sink gave with the group's last message, by which it is found again; '' = there was none. */
  readonly handle: string;
  /** What the sink gave when this one was tried last; '' = nothing. */
  readonly progress: string;
  /** The dead letter that it sends again; absent: none. */
  readonly replayOf?: string | undefined;
}

/** What came of sending. */
export type Delivery =
  | { readonly sent: true; readonly receipt: string; readonly handle?: string | undefined }
  | {
      readonly sent: false;
      readonly error: string;
      readonly retryAtMs: number | undefined;
      readonly progress?: string | undefined;
    };

/**
 * Sends one notification, within ten seconds. Never throws: what went wrong is said in the answer, with when to try again if that
 * may help.
 */
export type Sink = (notification: TakenNotification) => Promise<SinkAnswer>;

export type SinkAnswer =
  | {
      readonly sent: true;
      readonly receipt: string;
      /** Given back with the group's next messages to this integration; absent: the one before stays. */
      readonly handle?: string | undefined;
    }
  | {
      readonly sent: false;
      readonly error: string;
      readonly permanent: boolean;
      readonly retryAfterMs?: number | undefined;
      /** Given back at the next attempt: what is done already; absent: what was given before stays. */
      readonly progress?: string | undefined;
      /** The receiver took it and works on it: that is no failure of the receiver. */
      readonly waiting?: boolean | undefined;
      /** The receiver takes no more for the moment, of any message: 429. */
      readonly limited?: boolean | undefined;
    };

/** What a rule remembers under a key. */
export interface RuleState {
  readonly rule: string;
  readonly key: string;
  /** JSON of the rule's own. */
  readonly doc: string;
  /** The later, the longer it is kept when there are too many. */
  readonly seenMs: number;
}

export const ruleStateName = ({ rule, key }: Pick<RuleState, 'rule' | 'key'>): string => `${rule} ${key}`;

/** What is stored together: all of it or nothing. */
export interface AlertBatch {
  readonly alerts: readonly KnownAlert[];
  readonly entries: readonly HistoryEntry[];
  readonly places: readonly GroupPlace[];
  readonly records: readonly OutgoingRecord[];
}

export interface StoredBatch {
  readonly alerts: readonly StoredAlert[];
  /** Groups among its places that are new, and due by now. */
  readonly fresh: readonly FreshGroup[];
}

/** What a writer may do; all of it is stored, or nothing. */
export interface AlertWriting extends VerdictWriting {
  /** By rule and key, as `ruleStateName` has it; what is not there is not in it. */
  ruleStates(names: readonly Pick<RuleState, 'rule' | 'key'>[]): Promise<Map<string, RuleState>>;
  /** All of a rule. */
  ruleStatesOf(rule: string): Promise<RuleState[]>;
  putRuleStates(states: readonly RuleState[]): Promise<void>;
  /** Forgets what was seen before then, and of the rest the least lately seen beyond `most`. @returns how many beyond it */
  trimRuleStates(rule: string, beforeMs: number, most: number): Promise<number>;
  /** By rule. */
  countRuleStates(): Promise<ReadonlyMap<string, number>>;
  /** Alerts and silences that others changed since. */
  changedAlerts(after: bigint): Promise<StoredAlert[]>;
  changedSilences(after: bigint): Promise<StoredSilence[]>;
  /** Nothing was stored under a later revision before this writer's turn. */
  readonly settled: bigint;
  putAlerts(alerts: readonly KnownAlert[]): Promise<StoredAlert[]>;
  putSilence(silence: KnownSilence): Promise<StoredSilence>;
  remember(entries: readonly HistoryEntry[]): Promise<void>;
  place(groups: readonly GroupPlace[]): Promise<void>;
  /**
   * Puts messages beside what a group tells by itself, due at once; one that waits to be sent to the same integration is replaced. A group
   * that is new is looked at when `group` says, a known one when it was to be.
   *
   * @returns false if one of the group is being sent: nothing was put
   */
  notify(group: GroupPlace, notifications: readonly NewNotification[], nowMs: number): Promise<boolean>;
  /**
   * What waits for a time more than `mostMs` ahead is due now: the clock was set back.
   *
   * @param made  messages that were made by then; `later`: only those of the future, since others may wait because they were asked to
   * @returns whether anything waited
   */
  bringForward(nowMs: number, mostMs: number, made: 'ever' | 'later'): Promise<boolean>;
  /** Forgets groups of routes that are none of these. */
  dropGroupsBut(routeIds: readonly string[]): Promise<void>;
  send(records: readonly OutgoingRecord[]): Promise<void>;
  moveOffsets(moves: readonly { topic: string; partition: number; from: bigint | undefined; next: bigint }[]): Promise<void>;
}

/** Alerts, silences and what happened to them. */
export interface AlertStore {
  changedAlerts(after: bigint): Promise<StoredAlert[]>;
  changedSilences(after: bigint): Promise<StoredSilence[]>;
  /** One writer at a time, over all replicas. */
  write<T>(atMs: number, work: (writing: AlertWriting) => Promise<T>): Promise<T>;
  /**
   * Stores a batch in one round trip, for a writer who knows all there is up to the revision `after`. Revisions follow it.
   *
   * @returns undefined when there is something newer: nothing was stored
   */
  storeAfter(after: bigint, atMs: number, batch: AlertBatch): Promise<StoredBatch | undefined>;
  /** Alerts whose handling is due, the first first. */
  dueAlerts(nowMs: number, limit: number): Promise<{ namespace: string; fingerprint: string }[]>;
  /** Labels of alerts that fired since then, each once, the last first. */
  firedSince(namespace: string, sinceMs: number, limit: number): Promise<{ fingerprint: string; labels: LabelSet }[]>;
  /** Forgets silences that ended before then. */
  dropExpired(beforeMs: number): Promise<void>;
  /** Forgets alerts that history says are resolved since before then. */
  dropResolved(beforeMs: number): Promise<void>;
}
