import { type DeadLetter, dlqOf, readDeadLetter } from '@tmws/events';
import type { EventLog } from '../ports.ts';

export type ListDeadLetters = (topic: string, limit: number) => Promise<DeadLetter[]>;

/** The newest refused records of a topic, newest first. A record that was refused twice is there once. */
export function listDeadLetters({ events }: { events: EventLog }): ListDeadLetters {
  return async (topic, limit) => {
    const records = await events.tail(dlqOf(topic), limit);
    const byId = new Map<string, DeadLetter>();
    for (const record of records.toReversed()) {
      const letter = readDeadLetter(record);
      if (!byId.has(letter.id)) byId.set(letter.id, letter);
    }
    return [...byId.values()].slice(0, limit);
  };
}
