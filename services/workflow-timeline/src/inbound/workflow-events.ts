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
import type { Clock, Deletion } from '../ports.ts';
import type { Batch, IncomingFact } from '../usecases/record-facts.ts';
import { factsOfEvent } from './facts-of-event.ts';

interface WorkflowEventsOptions {
  readonly record: (batch: Batch) => Promise<void>;
  readonly recorded: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Takes records of tmws.workflow: good ones become facts, bad ones go to the DLQ with their reason, in the transaction that moves the offsets. */
export function workflowEvents({ record, recorded, clock, logger, metrics }: WorkflowEventsOptions) {
  const refused = metrics.counter('tmws_events_refused_total', 'events that went to the DLQ', ['topic', 'kind']);

  return {
    async handle(batches: readonly PartitionBatch[]): Promise<void> {
      const dead: OutgoingRecord[] = [];
      const deletions: Deletion[] = [];
      const facts = batches.flatMap(({ records }) =>
        records.flatMap((one) => factsOfRecord(one, deletions, (problem) => dead.push(bury(one, problem)))),
      );
      const moves = batches.map(({ topic, partition, from, next }) => ({ topic, partition, from, next }));
      await record({ deletions, facts, moves, toSend: () => dead });
      recorded();
    },
    async park(batch: PartitionBatch, problem: Problem): Promise<void> {
      const { topic, partition, from, next } = batch;
      await record({
        facts: [],
        moves: [{ topic, partition, from, next }],
        toSend: () => batch.records.map((one) => bury(one, problem)),
      });
      recorded();
    },
  };

  function bury(one: IncomingRecord, problem: Problem): OutgoingRecord {
    refused.inc({ topic: one.topic, kind: problem.kind });
    logger.warn(
      { topic: one.topic, partition: one.partition, offset: String(one.offset), reason: problem.message },
      'an event went to the DLQ',
    );
    return deadLetter(one, problem, clock());
  }
}

/** What a record tells; a deletion goes to `deletions`. */
function factsOfRecord(record: IncomingRecord, deletions: Deletion[], refuse: (problem: Problem) => void): IncomingFact[] {
  let accepted: Accepted;
  try {
    accepted = accept(fromRecord(record));
    if (accepted.topic !== record.topic)
      throw new Problem('invalid', `${accepted.event.type} lies on ${accepted.topic}, not here`, { field: 'type' });
  } catch (error) {
    refuse(Problem.from(error));
    return [];
  }
  const key = { namespace: accepted.event.namespace, id: accepted.event.subject };
  if (accepted.event.type === 'tmws.execution.deleted') {
    deletions.push({ key, deletedNs: accepted.event.timeNs });
    return [];
  }
  let refusedAlready = false;
  return factsOfEvent(accepted).map((fact) => ({
    key,
    fact,
    refuse(reason) {
      if (!refusedAlready) refuse(new Problem('conflict', reason, { field: 'id' }));
      refusedAlready = true;
    },
  }));
}
