import type { KafkaMessage } from 'kafkajs';
import type { IncomingRecord } from './kafka-binding.ts';

/** kafkajs' message as a record; of a repeated header the last counts, one without a value is left out. */
export function incoming(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    // kafkajs gives null where its types do not say so.
    const last = (Array.isArray(value) ? value.at(-1) : value) as Buffer | string | null | undefined;
    if (last != null) headers[name] = last.toString('utf8');
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key ?? undefined,
    value: message.value ?? undefined,
    headers,
  };
}
