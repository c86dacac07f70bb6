import { setImmediate as turn } from 'node:timers/promises';
import { toJsonString } from '@bufbuild/protobuf';
import {
  accept,
  type Accepted,
  type CloudEvent,
  eventTypes,
  fromHttp,
  type OutgoingRecord,
  ownTypes,
  toRecord,
} from '@tmws/events';
import { type Bounds, namespaceWithin } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { Clock, EventLog } from '../ports.ts';

/** One HTTP request with CloudEvents in it. */
export interface EventsRequest {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Where an event does not say. */
  readonly namespace: string;
  /** Which namespaces the events may say; absent: any. */
  readonly bounds?: Bounds;
  /** W3C trace context of the request, for events that have none. */
  readonly traceparent: string | undefined;
}

export type EventResult =
  | { readonly id: string; readonly status: 'accepted' }
  | { readonly id: string; readonly status: 'refused'; readonly problem: Problem };

export interface EventsAnswer {
  readonly batch: boolean;
  /** One for each event, in the order of the request. */
  readonly results: readonly EventResult[];
}

export type AcceptEvents = (request: EventsRequest) => Promise<EventsAnswer>;

/**
 * Takes events: checked, redacted and capped, then on the log. An event counts as accepted when the broker has it
 * (`acks=all`); one that is refused does not keep the others out. The same id again is taken and changes nothing.
 *
 * @throws Problem when the request as a whole holds no events
 */
export function acceptEvents({ events, clock }: { events: EventLog; clock: Clock }): AcceptEvents {
  return async ({ headers, body, namespace, bounds, traceparent }) => {
    const { batch, events: given } = fromHttp(headers, body, BigInt(clock.nowMs()) * 1_000_000n);
    const taken = (event: CloudEvent | Problem): Taken => {
      if (event instanceof Problem) return { id: '', problem: event };
      if (ownTypes.has(event.type)) return { id: event.id, problem: ownWord(event.type) };
      try {
        const accepted = accept({ ...event, traceparent: event.traceparent ?? traceparent }, namespace);
        if (bounds !== undefined) namespaceWithin({ bounds }, accepted.event.namespace, 'the namespace of the event');
        return { id: event.id, record: toRecord(accepted.topic, { ...accepted.event, ...kept(accepted) }) };
      } catch (error) {
        return { id: event.id, problem: Problem.from(error) };
      }
    };
    const all: Taken[] = [];
    for (const [i, event] of given.entries()) {
      // A large batch lets others in between.
      if (i % 256 === 255) await turn();
      all.push(taken(event));
    }
    await bounds?.told();
    const problems = await publishAll(
      events,
      all.flatMap(({ record }) => (record === undefined ? [] : [record])),
    );
    const results = all.map(({ id, record, problem = record && problems.get(record) }): EventResult => {
      return problem === undefined ? { id, status: 'accepted' } : { id, status: 'refused', problem };
    });
    return { batch, results };
  };
}

/** An event as a record, or why it is none. */
interface Taken {
  readonly id: string;
  readonly record?: OutgoingRecord;
  readonly problem?: Problem;
}

/** In one go; one that is too large is not held against the others. @returns what did not get onto the log, and why */
async function publishAll(events: EventLog, records: readonly OutgoingRecord[]): Promise<Map<OutgoingRecord, Problem>> {
  if (records.length === 0) return new Map();
  try {
    await events.publish(records);
    return new Map();
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.kind !== 'too_large' || records.length === 1) return new Map(records.map((record) => [record, problem]));
    const each = await Promise.all(records.map((record) => publishAll(events, [record])));
    return new Map(each.flatMap((some) => [...some]));
  }
}

function ownWord(type: string): Problem {
  const instead = type.startsWith('tmws.execution.')
    ? 'use DELETE /api/v1/executions/{id} or POST /api/v1/imports'
    : 'use tmws.security.observed for what you saw';
  return new Problem('forbidden', `${type} is told by TMWS itself; ${instead}`, { field: 'type' });
}

// What was accepted, not what came: so no secret gets onto the log through this door.
function kept({ event, payload }: Accepted): Pick<CloudEvent, 'data' | 'dataContentType'> {
  const schema = eventTypes.get(event.type)?.schema;
  if (schema === undefined) throw new TypeError(`${event.type} was accepted and is in no catalog`);
  try {
    return { data: Buffer.from(toJsonString(schema, payload.value)), dataContentType: 'application/json' };
  } catch (error) {
    // A value JSON cannot hold, as NaN in a google.protobuf.Value.
    throw new Problem('invalid', `data cannot be kept: ${(error as Error).message}`, { field: 'data', cause: error });
  }
}
