import { startKafka } from '@tmws/testkit';
import type { TestKafka } from './fixture.ts';
import { outageContract } from './outage.contract.ts';

async function ownKafka(): Promise<TestKafka> {
  const server = await startKafka();
  return {
    brokers: [server.brokers],
    outage: { down: server.kill, up: server.start },
    [Symbol.asyncDispose]: server.stop,
  };
}

describe('an event bus whose Kafka is killed', () => outageContract(ownKafka));
