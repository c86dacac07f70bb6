import {
  accept,
  type Accepted,
  deadLetter,
  fromRecord,
  type IncomingRecord,
  type OutgoingRecord,
  type PartitionBatch,
} from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { SeenEvent } from '../domain/rules/rule.ts';
import type { Clock } from '../ports.ts';
import type { EventBatch } from '../usecases/observe-events.ts';

/** What rules see. */
export const observedTopics: readonly string[] = ['tmws.security', 'tmws.traffic'];

interface ObservedEventsOptions {
  readonly observe: (batch: EventBatch) => Promise<void>;
  /** Told once dead letters wait to be sent. */
  readonly stored: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Takes records of `observedTopics`: good ones are seen by the rules, bad ones go to the DLQ with their reason, in one transaction. */
export function observedEvents({ observe, stored, clock, logger, metrics }: ObservedEventsOptions) {
  const seen = metrics.counter('tmws_alerting_events_total', 'events that rules have seen', ['type']);
  const refused = metrics.counter('tmws_events_refused_total', 'events that went to the DLQ', ['topic', 'kind']);

  const bury = (one: IncomingRecord, problem: Problem): OutgoingRecord => {
    refused.inc({ topic: one.topic, kind: problem.kind });
    logger.warn(
      { topic: one.topic, partition: one.partition, offset: String(one.offset), reason: problem.message },
      'an event went to the DLQ',
    );
    return deadLetter(one, problem, clock());
  };
  const store = async (
    batches: readonly PartitionBatch[],
    events: readonly SeenEvent[],
    records: readonly OutgoingRecord[],
  ): Promise<void> => {
    const moves = batches.map(({ topic, partition, from, next }) => ({ topic, partition, from, next }));
    await observe({ events, moves, records });
    for (const { type } of events) seen.inc({ type });
    if (records.length > 0) stored();
  };
  return {
    async handle(batches: readonly PartitionBatch[]): Promise<void> {
      const records: OutgoingRecord[] = [];
      const events = batches.flatMap((batch) =>
        batch.records.flatMap((one) => {
          try {
            return eventOf(one);
          } catch (error) {
            records.push(bury(one, Problem.from(error)));
            return [];
          }
        }),
      );
      await store(batches, events, records);
    },
    async park(batch: PartitionBatch, problem: Problem): Promise<void> {
      await store(
        [batch],
        [],
        batch.records.map((one) => bury(one, problem)),
      );
    },
  };
}

function eventOf(record: IncomingRecord): SeenEvent[] {
  const accepted = accept(fromRecord(record));
  if (accepted.topic !== record.topic)
    throw new Problem('invalid', `${accepted.event.type} lies on ${accepted.topic}, not here`, { field: 'type' });
  return seenOf(accepted);
}

function seenOf({ event, payload }: Accepted): SeenEvent[] {
  const { namespace, source, id, type, timeNs } = event;
  const own = { namespace, source, id, type, atMs: Number(timeNs / 1_000_000n) };
  if (payload.case === 'security') {
    const { principal, sourceIp, method, resource, reason, severity, attributes, times } = payload.value;
    const given = attributes === undefined ? '' : JSON.stringify(attributes);
    const many = times > 1n ? { times: Number(times) } : {};
    return [{ ...own, about: 'security', principal, sourceIp, method, resource, reason, severity, attributes: given, ...many }];
  }
  if (payload.case === 'traffic') {
    const { rule, key, limit, hits, window, action, caller, sourceIp, method, reason, violations } = payload.value;
    const windowMs = window === undefined ? 0 : Number(window.seconds) * 1000 + Math.round(window.nanos / 1_000_000);
    const numbers = { limit: Number(limit), hits: Number(hits), violations: Math.max(1, Number(violations)) };
    return [{ ...own, about: 'traffic', rule, key, ...numbers, windowMs, action, caller: caller || sourceIp, method, reason }];
  }
  return [];
}
