import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import type kafkajs from 'kafkajs';
import type { Kafka } from 'kafkajs';
import { within } from './within.ts';

/** One admin connection, made when needed and made again after a failure. */
export interface Admin {
  /** @throws Problem `unavailable` */
  use<T>(work: (client: kafkajs.Admin) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** While a partition gets its leader, which takes moments after its topic was made or a broker went, nobody is away. */
const leaderTries = 20;
const leaderWaitMs = 250;
const isSettling = (error: unknown): boolean =>
  Error.isError(error) && error.name === 'KafkaJSProtocolError' && (error as { retriable?: unknown }).retriable === true;

export function lazyAdmin(kafka: Kafka): Admin {
  let connected: Promise<kafkajs.Admin> | undefined;
  let closed = false;
  const connect = async (): Promise<kafkajs.Admin> => {
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  };
  const drop = (one: Promise<kafkajs.Admin>): Promise<void> => one.then((client) => client.disconnect()).catch(() => undefined);
  return {
    async use(work) {
      for (let tries = 1; ; tries++) {
        if (closed) throw new Problem('unavailable', 'the Kafka client is closed');
        const mine = (connected ??= connect());
        try {
          return await work(await mine);
        } catch (error) {
          // A new connection also asks anew who leads.
          if (connected === mine) connected = undefined;
          void drop(mine);
          if (tries === leaderTries || !isSettling(error))
            throw new Problem('unavailable', 'Kafka is away', { cause: error, retryAfterMs: 1000 });
        }
        await delay(leaderWaitMs);
      }
    },
    async close() {
      closed = true;
      if (connected !== undefined) await within(1000, drop(connected));
    },
  };
}
