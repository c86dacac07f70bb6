import type { CloudEvent } from './cloud-event.ts';
import { cloudEventOf } from './cloud-event.ts';
import { Problem } from '@tmws/problems';
import { fromStructured, parseJson } from './structured.ts';

/** A record as it lies on a topic. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** The broker's or producer's time, ms since the epoch. */
  readonly timestampMs: number;
  readonly key: Buffer | undefined;
  readonly value: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record to be sent. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | undefined;
}

/**
 * Bears the reason of a record that stands for a whole batch which could not be read (not decompressed, not of the format);
 * our patch of kafkajs makes it, so that the batch goes where unreadable records go instead of stopping its partition.
 */
const unreadableHeader = 'tmws-unreadable';

/**
 * The event of a record (CloudEvents Kafka binding 1.0.2): structured if the content type says so, else binary with `ce_` headers.
 *
 * @throws Problem `invalid`
 */
export function fromRecord(record: IncomingRecord): CloudEvent {
  const unreadable = record.headers[unreadableHeader];
  if (unreadable !== undefined && unreadable.trim() !== '') throw new Problem('invalid', unreadable);
  const receivedNs = BigInt(Math.max(0, record.timestampMs)) * 1_000_000n;
  const value = record.value ?? Buffer.alloc(0);
  const contentType = record.headers['content-type'];
  if (contentType?.toLowerCase().startsWith('application/cloudevents') === true) {
    return fromStructured(parseJson(value, 'the record'), receivedNs);
  }
  const attributes: Record<string, string | undefined> = { datacontenttype: contentType };
  for (const [name, text] of Object.entries(record.headers)) {
    if (name.startsWith('ce_')) attributes[name.slice(3)] = text;
  }
  return cloudEventOf(attributes, value, receivedNs);
}

/** The event as a record in binary mode, keyed by its subject. */
export function toRecord(topic: string, event: CloudEvent): OutgoingRecord {
  return {
    topic,
    key: event.subject === undefined ? undefined : Buffer.from(event.subject),
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: rfc3339(event.timeNs),
      ...(event.subject !== undefined && { ce_subject: event.subject }),
      ...(event.namespace !== undefined && { ce_tmwsnamespace: event.namespace }),
      ...(event.traceparent !== undefined && { ce_traceparent: event.traceparent }),
      'content-type': event.dataContentType,
    },
    value: event.data,
  };
}

/** ns since the epoch as RFC 3339, with nine digits of a second where they matter. */
export function rfc3339(ns: bigint): string {
  const millis = new Date(Number(ns / 1_000_000n)).toISOString();
  const below = ns % 1_000_000n;
  return below === 0n ? millis : `${millis.slice(0, -1)}${String(below).padStart(6, '0')}Z`;
}
