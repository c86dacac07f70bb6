import { dlqOf, type IncomingRecord, type OutgoingRecord, readDeadLetter } from '@tmws/events';
import type { EventLog } from '../ports.ts';

/** How many of the newest dead letters of a topic a replay looks at. */
const replayDepth = 1000;

/** Some by their ids, or all there are. */
export type Wanted = { readonly ids: readonly string[] } | { readonly all: true };

export interface Replayed {
  readonly replayed: number;
  /** Ids that are not among the newest dead letters. */
  readonly missing: readonly string[];
  /** Ids that are there and cannot be sent again, and why. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

export type ReplayDeadLetters = (topic: string, wanted: Wanted) => Promise<Replayed>;

/**
 * Sends refused records once more to the topic they came from, after what refused them was mended. Sending twice is
 * harmless: an event is taken once by its id. What is sent is the redacted record, the only one that was kept.
 */
export function replayDeadLetters({ events }: { events: EventLog }): ReplayDeadLetters {
  return async (topic, wanted) => {
    const records = await events.tail(dlqOf(topic), replayDepth);
    const byId = new Map(records.map((record) => [readDeadLetter(record).id, record]));
    const ids = 'all' in wanted ? [...byId.keys()] : [...new Set(wanted.ids)];
    const found = ids.flatMap((id): [string, IncomingRecord][] => {
      const record = byId.get(id);
      return record === undefined ? [] : [[id, record]];
    });
    const [whole, cut] = [found.filter(([, record]) => !isTruncated(record)), found.filter(([, record]) => isTruncated(record))];
    await events.publish(whole.map(([, record]) => original(record)));
    return {
      replayed: whole.length,
      missing: ids.filter((id) => !byId.has(id)),
      refused: cut.map(([id]) => ({
        id,
        reason: 'only its beginning was kept, because it is too large; send it again from its source',
      })),
    };
  };
}

function isTruncated({ headers }: IncomingRecord): boolean {
  return headers['tmws-dlq-truncated'] === 'true';
}

function original(record: IncomingRecord): OutgoingRecord {
  const headers = Object.entries(record.headers).filter(([name]) => !name.startsWith('tmws-dlq-'));
  return { topic: readDeadLetter(record).topic, key: record.key, headers: Object.fromEntries(headers), value: record.value };
}
