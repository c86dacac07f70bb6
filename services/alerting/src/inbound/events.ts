import {
  accept,
  type Accepted,
  type CloudEvent,
  deadLetter,
  fromRecord,
  type IncomingRecord,
  type OutgoingRecord,
  type PartitionBatch,
} from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { ObservedEvent } from '../domain/detection/observed-event.ts';
import type { SourceMapping } from '../domain/detection/source-mapping.ts';
import type { SeenEvent } from '../domain/rules/rule.ts';
import type { Clock } from '../ports.ts';
import type { EventBatch } from '../usecases/observe-events.ts';
import { observedEvent, observedRecord } from './observed-records.ts';

/** What the rules that are always there see; what cannot be read there goes to the DLQ. */
export const observedTopics: readonly string[] = ['tmws.security', 'tmws.traffic'];

/** The rules of the folders, as a door asks them. */
export interface Detecting {
  /** How records of a topic are seen; undefined: rules do not see them. */
  readonly mappingOf: (topic: string) => SourceMapping | undefined;
  /** Hits as events, and the rules that are to see them. */
  readonly detect: (events: readonly ObservedEvent[]) => Promise<Pick<EventBatch, 'events' | 'rules'>>;
}

interface ObservedEventsOptions {
  readonly observe: (batch: EventBatch) => Promise<void>;
  /** Absent: there are no rules but those that are always there. */
  readonly detecting?: Detecting | undefined;
  /** Told once dead letters wait to be sent. */
  readonly stored: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const noteEveryMs = 60_000;

/**
 * Takes records: good ones are seen by the rules, in one transaction with the offsets. Bad ones of `observedTopics` go to the DLQ with
 * their reason; those of other topics are counted, since they belong to others.
 */
export function observedEvents({ observe, detecting, stored, clock, logger, metrics }: ObservedEventsOptions) {
  const seen = metrics.counter('tmws_alerting_events_total', 'events that rules have seen', ['type']);
  const refused = metrics.counter('tmws_events_refused_total', 'events that went to the DLQ', ['topic', 'kind']);
  const mapped = metrics.counter('tmws_alerting_mapped_records_total', 'records of mapped topics that rules have seen', [
    'topic',
  ]);
  const unreadable = metrics.counter('tmws_alerting_unreadable_records_total', 'records of mapped topics that are no events', [
    'topic',
  ]);
  const notedMs = new Map<string, number>();

  const bury = (one: IncomingRecord, problem: Problem): OutgoingRecord => {
    refused.inc({ topic: one.topic, kind: problem.kind });
    logger.warn(
      { topic: one.topic, partition: one.partition, offset: String(one.offset), reason: problem.message },
      'an event went to the DLQ',
    );
    return deadLetter(one, problem, clock());
  };
  const note = ({ topic, partition, offset }: IncomingRecord, reason: string): void => {
    unreadable.inc({ topic });
    if (clock() - (notedMs.get(topic) ?? -Infinity) < noteEveryMs) return;
    notedMs.set(topic, clock());
    logger.warn(
      { topic, partition, offset: String(offset), reason },
      'a record of a mapped topic is no event; others of the topic are counted and not logged for a minute',
    );
  };
  const store = async (batches: readonly PartitionBatch[], taken: Taken): Promise<void> => {
    const { events, observed, records } = taken;
    const found = observed.length === 0 ? undefined : await detecting?.detect(observed);
    const moves = batches.map(({ topic, partition, from, next }) => ({ topic, partition, from, next }));
    await observe({ events: [...events, ...(found?.events ?? [])], rules: found?.rules ?? [], moves, records });
    for (const { type } of events) seen.inc({ type });
    for (const { mapping } of observed) mapped.inc({ topic: mapping.topic });
    if (records.length > 0) stored();
  };
  const takeRecord = (one: IncomingRecord, into: Taken): void => {
    try {
      const { events, observed } = seenRecord(one, detecting?.mappingOf(one.topic), clock());
      into.events.push(...events);
      into.observed.push(...observed);
    } catch (error) {
      if (observedTopics.includes(one.topic)) into.records.push(bury(one, Problem.from(error)));
      else note(one, Problem.from(error).message);
    }
  };
  return {
    async handle(batches: readonly PartitionBatch[]): Promise<void> {
      const taken: Taken = { events: [], observed: [], records: [] };
      for (const { records } of batches) for (const one of records) takeRecord(one, taken);
      await store(batches, taken);
    },
    async park(batch: PartitionBatch, problem: Problem): Promise<void> {
      const records = batch.records.flatMap((one) => {
        if (observedTopics.includes(one.topic)) return [bury(one, problem)];
        note(one, problem.message);
        return [];
      });
      await store([batch], { events: [], observed: [], records });
    },
  };
}

interface Taken {
  readonly events: SeenEvent[];
  readonly observed: ObservedEvent[];
  readonly records: OutgoingRecord[];
}

/**
 * A record as rules see it; the same whenever it is looked at.
 *
 * @param mapping  undefined: only the rules that are always there see it
 * @throws Problem `invalid` or `unsupported` for what is no event
 */
export function seenRecord(
  one: IncomingRecord,
  mapping: SourceMapping | undefined,
  nowMs: number,
): Pick<Taken, 'events' | 'observed'> {
  if (!observedTopics.includes(one.topic))
    return { events: [], observed: mapping === undefined ? [] : observedRecord(one, mapping, nowMs) };
  const event = fromRecord(one);
  return { events: eventOf(event, one.topic), observed: mapping === undefined ? [] : [observedEvent(event, mapping)] };
}

function eventOf(event: CloudEvent, topic: string): SeenEvent[] {
  const accepted = accept(event);
  if (accepted.topic !== topic)
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
