import { isUtf8 } from 'node:buffer';
import type { Problem } from '@tmws/problems';
import { dlqOf } from './catalog.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-binding.ts';
import { prefix } from './prefix.ts';
import { redactCredentials, redactText } from './redact.ts';

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

// A dead letter must be taken by the broker whatever the record was: 1 MiB with all its parts.
const maxKeyBytes = 1024;
const maxHeaderBytes = 8 * 1024;
const maxReasonBytes = 4 * 1024;
const maxValueBytes = 1024 * 1024 - 20 * 1024;

/** The record for the topic's `.dlq`: what came, redacted and at most what a record may hold, with the reason in headers. */
export function deadLetter(record: IncomingRecord, problem: Problem, nowMs: number): OutgoingRecord {
  const value = record.value ?? Buffer.alloc(0);
  const kept = redactBytes(value);
  const whole = kept.length <= maxValueBytes;
  return {
    topic: dlqOf(record.topic),
    key: record.key === undefined ? undefined : cut(redactBytes(record.key), maxKeyBytes),
    headers: {
      ...someHeaders(record.headers),
      'tmws-dlq-id': `${record.topic}/${record.partition}/${record.offset}`,
      'tmws-dlq-topic': record.topic,
      'tmws-dlq-kind': problem.kind,
      'tmws-dlq-reason': prefix(redactText(problem.message), maxReasonBytes),
      'tmws-dlq-at': new Date(nowMs).toISOString(),
      'tmws-dlq-bytes': String(value.length),
      ...(!whole && { 'tmws-dlq-truncated': 'true' }),
    },
    value: whole ? kept : cut(kept, maxValueBytes),
  };
}

/** Text or not, credentials are ASCII. */
function redactBytes(bytes: Buffer): Buffer {
  return isUtf8(bytes)
    ? Buffer.from(redactCredentials(bytes.toString('utf8')))
    : Buffer.from(redactCredentials(bytes.toString('latin1')), 'latin1');
}

function cut(bytes: Buffer, maxBytes: number): Buffer {
  return isUtf8(bytes) ? Buffer.from(prefix(bytes.toString('utf8'), maxBytes)) : bytes.subarray(0, maxBytes);
}

/** The headers in their order, redacted, as many as there is room for. */
function someHeaders(headers: IncomingRecord['headers']): Record<string, string> {
  let bytes = 0;
  const kept = Object.entries(headers)
    .map(([name, text]) => [name, redactText(prefix(text, 4096))] as const)
    .filter(([name, text]) => (bytes += Buffer.byteLength(name) + Buffer.byteLength(text) + 6) <= maxHeaderBytes);
  return Object.fromEntries(kept);
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
