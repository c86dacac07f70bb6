// A place in a consumer group, kept as long as the signal allows: kafkajs' consumer, started again when it gives up.
//
// kafkajs would restart itself, but not stop once it is disconnected while it joins: then it joins later and holds
// partitions nobody reads. So it never restarts itself here, and a join that comes too late is refused.
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@tmws/telemetry';
import kafkajs, { type EachBatchPayload, type Kafka } from 'kafkajs';
import { within } from './within.ts';

type Assignment = Readonly<Record<string, number[]>>;

interface MembershipOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  readonly assigned: (assignment: Assignment) => void;
  /** Records that nobody is to see were read: of an aborted transaction, or the mark of its end. */
  readonly skipped: (topic: string, partition: number, first: bigint, last: bigint) => void;
  /** Resolves when nothing is being stored. */
  readonly settled: () => Promise<unknown>;
  readonly commit: (consumer: kafkajs.Consumer) => Promise<void>;
}

export interface Membership {
  /** @throws when there is no place in the group at the moment */
  seek(topic: string, partition: number, offset: bigint): void;
  use(work: (consumer: kafkajs.Consumer) => Promise<void>): Promise<void>;
  /** Settles some time after the signal. */
  readonly ended: Promise<void>;
}

const restartAfterMs = 1000;
/** How long a broker may take for each part of leaving. */
const leaveWithinMs = 800;

export function startMembership(kafka: Kafka, options: MembershipOptions): Membership {
  const { group, topics, logger, signal } = options;
  let current: kafkajs.Consumer | undefined;

  const listen = (consumer: kafkajs.Consumer, crashed: () => void): void => {
    const { CRASH, GROUP_JOIN, START_BATCH_PROCESS } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (signal.aborted) throw new kafkajs.KafkaJSNonRetriableError('closed while joining the group');
      options.assigned(payload.memberAssignment);
    });
    consumer.on(START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, firstOffset, lastOffset } }) => {
      if (batchSize > 0) return;
      // Null, though the types do not say so, when even the log has none of them any more.
      const first = firstOffset as string | null;
      options.skipped(topic, partition, BigInt(first ?? lastOffset), BigInt(lastOffset));
    });
    consumer.on(CRASH, crashed);
  };

  const live = async (): Promise<void> => {
    const consumer = kafka.consumer({
      groupId: group,
      // A member that was killed holds its partitions, and a rebalance, for this long.
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 1500,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 10, restartOnFailure: () => Promise.resolve(false) },
    });
    const over = Promise.withResolvers<undefined>();
    const end = (): void => over.resolve(undefined);
    listen(consumer, end);
    signal.addEventListener('abort', end, { once: true });
    const start = async (): Promise<void> => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      current = consumer;
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 64,
        eachBatch: options.eachBatch,
      });
    };
    const starting = start().catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error, group }, 'the consumer cannot run; it is started again');
      end();
    });
    await over.promise;
    signal.removeEventListener('abort', end);
    // A join that is nearly done can be left in order; one that waits for a broker that is away cannot.
    await within(leaveWithinMs, starting);
    await options.settled();
    await within(leaveWithinMs, options.commit(consumer));
    current = undefined;
    await within(leaveWithinMs, consumer.disconnect());
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await live();
      await delay(restartAfterMs, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    seek(topic, partition, offset) {
      if (current === undefined) throw new Error('the consumer has no place in its group');
      current.seek({ topic, partition, offset: String(offset) });
    },
    use: async (work) => {
      if (current !== undefined) await work(current);
    },
    ended: run(),
  };
}
