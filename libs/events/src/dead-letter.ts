import { isUtf8 } from 'node:buffer';
import type { Problem } from '@tmws/problems';
import { dlqOf } from './catalog.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-binding.ts';
import { redactText } from './redact.ts';

/** A record that could not be taken, as people see it. */
export interface DeadLetter {
  /** `topic/partition/offset` of the refused record: the same record refused twice has the same id. */
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  readonly kind: string;
  /** RFC 3339. */
  readonly refusedAt: string;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The redacted text; undefined if it is no text. */
  readonly text: string | undefined;
  readonly sizeBytes: number;
}

const reserved = 16 * 1024;
const maxValueBytes = 1024 * 1024 - reserved;

/** The record for the topic's `.dlq`: what came, redacted if it is text, with the reason in headers. */
export function deadLetter(record: IncomingRecord, problem: Problem, nowMs: number): OutgoingRecord {
  const value = record.value ?? Buffer.alloc(0);
  const kept = isUtf8(value) ? Buffer.from(redactText(value.toString('utf8'))) : value;
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([name, text]) => [name, redactText(text.slice(0, 4096))]),
  );
  return {
    topic: dlqOf(record.topic),
    key: record.key,
    headers: {
      ...headers,
      'tmws-dlq-id': `${record.topic}/${record.partition}/${record.offset}`,
      'tmws-dlq-topic': record.topic,
      'tmws-dlq-kind': problem.kind,
      'tmws-dlq-reason': redactText(problem.message).slice(0, 2000),
      'tmws-dlq-at': new Date(nowMs).toISOString(),
      'tmws-dlq-bytes': String(value.length),
      ...(kept.length > maxValueBytes && { 'tmws-dlq-truncated': 'true' }),
    },
    value: kept.subarray(0, maxValueBytes),
  };
}

/** A record of a `.dlq` topic, read back. */
export function readDeadLetter(record: IncomingRecord): DeadLetter {
  const { headers } = record;
  const value = record.value ?? Buffer.alloc(0);
  return {
    id: headers['tmws-dlq-id'] ?? `${record.topic}/${record.partition}/${record.offset}`,
    topic: headers['tmws-dlq-topic'] ?? record.topic,
    reason: headers['tmws-dlq-reason'] ?? 'no reason was given',
    kind: headers['tmws-dlq-kind'] ?? 'internal',
    refusedAt: headers['tmws-dlq-at'] ?? new Date(record.timestampMs).toISOString(),
    key: record.key === undefined || !isUtf8(record.key) ? undefined : redactText(record.key.toString('utf8')),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('tmws-dlq-'))),
    text: isUtf8(value) ? redactText(value.toString('utf8')) : undefined,
    sizeBytes: Number(headers['tmws-dlq-bytes'] ?? value.length),
  };
}
