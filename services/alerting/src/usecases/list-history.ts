import { Problem } from '@tmws/problems';
import type { LabelSet } from '../domain/label-set.ts';
import { tellEntry } from '../domain/history-text.ts';
import type { AlertReads, StoredEntry } from '../read-ports.ts';
import type { Board } from './board.ts';
import type { Paging } from './list-alerts.ts';
import { cursorOf, pageSize, placeOf } from './page.ts';

export interface HistoryAsked extends Paging {
  readonly fingerprint: string;
  readonly kinds: readonly string[];
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** An entry with what is known of its alert. */
export interface KnownEntry {
  readonly entry: StoredEntry;
  readonly labels: LabelSet;
  /** What a person said, or a sentence about what happened. */
  readonly text: string;
}

export const historyKinds: readonly StoredEntry['kind'][] = [
  'fired',
  'changed',
  'resolved',
  'acknowledged',
  'unacknowledged',
  'assigned',
  'commented',
  'judged',
  'escalated',
  'flapping',
  'calm',
  'notified',
  'undeliverable',
  'replayed',
];

interface Listing {
  readonly reads: Pick<AlertReads, 'history' | 'labelsOf'>;
  readonly board: Pick<Board, 'alert'>;
}

/** What happened, the latest first. @throws Problem `invalid` */
export function listHistory({ reads, board }: Listing) {
  return async (
    namespace: string,
    { fingerprint, kinds, fromMs, toMs, limit, cursor }: HistoryAsked,
  ): Promise<{ items: KnownEntry[]; nextCursor: string }> => {
    const strange = kinds.find((kind) => !historyKinds.some((known) => known === kind));
    if (strange !== undefined) {
      throw new Problem(
        'invalid',
        `kind must be some of ${historyKinds.join(', ')} (got ${JSON.stringify(strange.slice(0, 80))})`,
        {
          field: 'kind',
        },
      );
    }
    if (fingerprint !== '' && !/^[0-9a-f]{16}$/.test(fingerprint)) {
      throw new Problem('invalid', `fingerprint must be 16 hex digits (got ${JSON.stringify(fingerprint.slice(0, 80))})`, {
        field: 'fingerprint',
      });
    }
    const size = pageSize(limit);
    const entries = await reads.history(namespace, {
      fingerprint,
      kinds,
      fromMs,
      toMs,
      before: beforeOf(cursor),
      limit: size + 1,
    });
    const page = entries.slice(0, size);
    const last = page.at(-1);
    const labels = await labelsOfAll(namespace, page, { reads, board });
    return {
      items: page.map((entry) => ({ entry, labels: labels.get(entry.fingerprint) ?? {}, text: tellEntry(entry) })),
      nextCursor: entries.length > size && last !== undefined ? cursorOf([last.atMs, String(last.no)]) : '',
    };
  };
}

function beforeOf(cursor: string): { atMs: number; no: bigint } | undefined {
  const place = placeOf(cursor, ['number', 'string']);
  if (place === undefined) return undefined;
  const no = String(place[1]);
  if (!/^\d{1,18}$/.test(no) || !Number.isSafeInteger(place[0]))
    throw new Problem('invalid', 'cursor must be the nextCursor of a former answer to the same question', { field: 'cursor' });
  return { atMs: Number(place[0]), no: BigInt(no) };
}

/** Labels never change while the fingerprint is the same. */
async function labelsOfAll(
  namespace: string,
  entries: readonly StoredEntry[],
  { reads, board }: Listing,
): Promise<ReadonlyMap<string, LabelSet>> {
  const known = new Map<string, LabelSet>();
  for (const { fingerprint, doc } of entries) {
    const labels = board.alert(namespace, fingerprint)?.labels ?? (doc.labels as LabelSet | undefined);
    if (labels !== undefined) known.set(fingerprint, labels);
  }
  const missing = [...new Set(entries.map(({ fingerprint }) => fingerprint))].filter((each) => !known.has(each));
  for (const [fingerprint, labels] of await reads.labelsOf(namespace, missing)) known.set(fingerprint, labels);
  return known;
}
