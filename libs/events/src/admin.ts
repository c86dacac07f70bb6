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
      if (closed) throw new Problem('unavailable', 'the Kafka client is closed');
      const mine = (connected ??= connect());
      try {
        return await work(await mine);
      } catch (error) {
        if (connected === mine) connected = undefined;
        void drop(mine);
        throw new Problem('unavailable', 'Kafka is away', { cause: error, retryAfterMs: 1000 });
      }
    },
    async close() {
      closed = true;
      if (connected !== undefined) await within(1000, drop(connected));
    },
  };
}
