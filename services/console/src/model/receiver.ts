// Who is told, and what became of each message.
import { formatDuration } from '@tmws/duration';
import type { GetRoutingResponseJson, ReceiverJson } from '@tmws/contracts/deliveries';
import { instantMs } from './alert.ts';
import type { Notification } from './alert-group.ts';
import type { Tone } from './status.ts';

export interface Receiver {
  readonly name: string;
  readonly integrations: readonly Integration[];
  readonly routes: readonly string[];
}

export interface Integration {
  readonly name: string;
  readonly kind: string;
  readonly sendResolved: boolean;
  readonly sent: number;
  readonly dead: number;
  readonly waiting: number;
  readonly sentMs: number | undefined;
  readonly error: string;
  /** closed, open or half_open. */
  readonly circuit: string;
  readonly circuitUntilMs: number | undefined;
  readonly digested: number;
  readonly guarantee: string;
}

export const readReceiver = (json: ReceiverJson): Receiver => ({
  name: json.name ?? '',
  routes: json.routes ?? [],
  integrations: (json.integrations ?? []).map((each) => ({
    name: each.name ?? '',
    kind: each.kind ?? '',
    sendResolved: each.sendResolved ?? false,
    sent: each.sentLastDay ?? 0,
    dead: each.deadLastDay ?? 0,
    waiting: each.waiting ?? 0,
    sentMs: instantMs(each.lastSentAt),
    error: each.lastError ?? '',
    circuit: each.circuit ?? '',
    circuitUntilMs: instantMs(each.circuitUntil),
    digested: each.digestedLastDay ?? 0,
    guarantee: each.guarantee ?? '',
  })),
});

export interface Routing {
  readonly config: string;
  readonly policy: string;
  readonly loadedMs: number | undefined;
  /** Why the file was not taken when it was last read. */
  readonly refused: string;
  readonly routes: readonly RouteNode[];
}

export interface RouteNode {
  readonly id: string;
  readonly depth: number;
  readonly matchers: string;
  readonly receiver: string;
  readonly goesOn: boolean;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatMs: number;
  readonly alertCount: number;
}

export const readRouting = (json: GetRoutingResponseJson): Routing => ({
  config: json.config ?? '',
  policy: json.policy ?? '',
  loadedMs: instantMs(json.loadedAt),
  refused: json.refused ?? '',
  routes: (json.routes ?? []).map((each) => ({
    id: each.id ?? '',
    depth: each.depth ?? 0,
    matchers: (each.matchers ?? '').replace(/^\{(.*)\}$/s, '$1'),
    receiver: each.receiver ?? '',
    goesOn: each.continue ?? false,
    groupBy: each.groupBy ?? [],
    groupWaitMs: Number(each.groupWaitMs ?? 0),
    groupIntervalMs: Number(each.groupIntervalMs ?? 0),
    repeatMs: Number(each.repeatIntervalMs ?? 0),
    alertCount: each.alertCount ?? 0,
  })),
});

export const notificationStatuses = ['pending', 'sending', 'sent', 'dead', 'superseded', 'digested', 'replayed'] as const;

export interface NotificationLook {
  readonly word: string;
  readonly tone: Tone;
  readonly sign: string;
}

const looks: Readonly<Record<string, NotificationLook>> = {
  pending: { word: 'waits', tone: 'waiting', sign: '◷' },
  sending: { word: 'on its way', tone: 'active', sign: '▸' },
  sent: { word: 'sent', tone: 'good', sign: '✓' },
  dead: { word: 'given up', tone: 'bad', sign: '✕' },
  digested: { word: 'in a digest', tone: 'quiet', sign: '≡' },
  replayed: { word: 'sent again', tone: 'quiet', sign: '↻' },
  superseded: { word: 'overtaken', tone: 'quiet', sign: '»' },
};

export const notificationLook = (status: string): NotificationLook => looks[status] ?? { word: status, tone: 'quiet', sign: '·' };

/** From when a message was made to when it had arrived; empty for one that has not. */
export const tookWords = ({
  status,
  createdMs,
  finishedMs,
}: Pick<Notification, 'status' | 'createdMs' | 'finishedMs'>): string =>
  status === 'sent' && finishedMs !== undefined ? formatDuration((finishedMs - createdMs) * 1e6) : '';

/** What a receiver's handle is worth, as a sentence. */
export const guaranteeWords: Readonly<Record<string, string>> = {
  exactly_once: 'Exactly once: it knows a second try by its handle.',
  at_least_once: 'At least once: a try whose answer was lost may come twice.',
};

/** A length of a setting: `30 s`, `5 min`, `4 h`. */
export function settingWords(ms: number): string {
  if (ms % 3_600e3 === 0 && ms > 0) return `${ms / 3_600e3} h`;
  if (ms % 60e3 === 0 && ms > 0) return `${ms / 60e3} min`;
  return ms % 1e3 === 0 ? `${ms / 1e3} s` : `${ms} ms`;
}
