// What happened to alerts, the latest first.
import type { AlertHistoryEntryJson } from '@tmws/contracts/alerting';
import { instantMs, type Labels } from './alert.ts';
import type { Tone } from './status.ts';

export interface HistoryEntry {
  readonly fingerprint: string;
  readonly atMs: number;
  readonly kind: string;
  /** Empty: the service. */
  readonly by: string;
  readonly text: string;
  readonly labels: Labels;
  readonly details: Readonly<Record<string, string>>;
}

/** What the sentence of an entry says already, or only machines read. */
const inSentence = new Set([
  'notification',
  'receiver',
  'integration',
  'reason',
  'assignee',
  'startsAtMs',
  'endsAtMs',
  'generatorUrl',
]);

export function readEntry(json: AlertHistoryEntryJson): HistoryEntry {
  return {
    fingerprint: json.fingerprint ?? '',
    atMs: instantMs(json.at) ?? 0,
    kind: json.kind ?? '',
    by: json.by ?? '',
    text: json.text ?? '',
    labels: json.labels ?? {},
    details: Object.fromEntries(
      [...named(json.details), ...named(json.details?.annotations)].flatMap(([name, value]) => {
        if (name === 'annotations') return [];
        const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
        return text === '' || inSentence.has(name) || (name === 'attempts' && value === 1) ? [] : [[name, text]];
      }),
    ),
  };
}

const named = (value: unknown): [string, unknown][] => (typeof value === 'object' && value !== null ? Object.entries(value) : []);

export interface KindLook {
  readonly word: string;
  readonly tone: Tone;
  readonly sign: 'up' | 'check' | 'person' | 'note' | 'send' | 'cross' | 'wave' | 'dot';
}

const looks: Readonly<Record<string, KindLook>> = {
  fired: { word: 'fired', tone: 'bad', sign: 'up' },
  changed: { word: 'changed', tone: 'quiet', sign: 'dot' },
  resolved: { word: 'resolved', tone: 'good', sign: 'check' },
  acknowledged: { word: 'acknowledged', tone: 'active', sign: 'person' },
  unacknowledged: { word: 'acknowledgement taken back', tone: 'waiting', sign: 'person' },
  assigned: { word: 'assigned', tone: 'active', sign: 'person' },
  commented: { word: 'note', tone: 'active', sign: 'note' },
  judged: { word: 'judged', tone: 'active', sign: 'person' },
  escalated: { word: 'escalated', tone: 'bad', sign: 'up' },
  flapping: { word: 'began to flap', tone: 'retrying', sign: 'wave' },
  calm: { word: 'is calm', tone: 'good', sign: 'wave' },
  notified: { word: 'told', tone: 'paused', sign: 'send' },
  replayed: { word: 'sent again', tone: 'paused', sign: 'send' },
  undeliverable: { word: 'could not be told', tone: 'bad', sign: 'cross' },
};

export const kindLook = (kind: string): KindLook => looks[kind] ?? { word: kind, tone: 'quiet', sign: 'dot' };

/** Kinds that are chosen together. */
export const kindGroups = [
  { id: 'states', word: 'Fired and resolved', kinds: ['fired', 'changed', 'resolved', 'flapping', 'calm'] },
  { id: 'people', word: 'What people did', kinds: ['acknowledged', 'unacknowledged', 'assigned', 'commented', 'judged'] },
  { id: 'messages', word: 'Messages', kinds: ['notified', 'undeliverable', 'replayed', 'escalated'] },
] as const;
export type KindGroup = (typeof kindGroups)[number]['id'];

export const kindsOf = (chosen: readonly KindGroup[]): string[] =>
  kindGroups.filter(({ id }) => chosen.includes(id)).flatMap(({ kinds }) => [...kinds]);

/** What people said last of an occurrence: `true_positive`, `false_positive`; empty where nobody did, or took it back. @param entries  the latest first */
export function verdictIn(entries: readonly HistoryEntry[], sinceMs: number): { readonly verdict: string; readonly by: string } {
  const last = entries.find(({ kind, atMs }) => kind === 'judged' && atMs >= sinceMs);
  return { verdict: last?.details.verdict ?? '', by: last?.by ?? '' };
}

/** Entries by day of the reader, in their order. */
export function byDay(entries: readonly HistoryEntry[], dayOf: (ms: number) => string): [day: string, entries: HistoryEntry[]][] {
  return [...Map.groupBy(entries, ({ atMs }) => dayOf(atMs))];
}
