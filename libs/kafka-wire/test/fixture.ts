import { type Log, type LogOptions, openLog } from '@tmws/log';
import { tempDir } from '@tmws/testkit';
import { openLogger } from '@tmws/telemetry';
import { Kafka, logLevel } from 'kafkajs';
import { type BrokerOptions, openBroker } from '../src/index.ts';

process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

/** A broker on a log in a folder of its own, all of it gone at the end of the test. */
export interface TestBroker extends AsyncDisposable {
  readonly dir: string;
  readonly log: Log;
  readonly port: number;
  /** What it logged, one line of JSON each. */
  readonly lines: string[];
  /** A kafkajs client of it, which does not try again and again. */
  kafka(clientId?: string): Kafka;
  /** Closes broker and log and opens them again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startBroker(
  options: Partial<BrokerOptions> = {},
  logOptions: Partial<LogOptions> = {},
): Promise<TestBroker> {
  const dir = await tempDir('broker');
  const lines: string[] = [];
  const logger = openLogger('broker', 'info', { write: (line: string) => void lines.push(line) });
  const open = async (port: number) => {
    const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0, logger, ...logOptions });
    return { log, broker: await openBroker({ log, logger, port, defaultPartitions: 3, ...options }) };
  };
  let current = await open(0);
  const { port } = current.broker;
  const close = async (): Promise<void> => {
    await current.broker.close();
    await current.log.close();
  };
  return {
    dir: dir.path,
    port,
    lines,
    get log() {
      return current.log;
    },
    kafka: (clientId = 'test') =>
      new Kafka({
        clientId,
        brokers: [`127.0.0.1:${port}`],
        logLevel: logLevel.NOTHING,
        retry: { initialRetryTime: 50, retries: 8 },
      }),
    async restart() {
      await close();
      current = await open(port);
    },
    close,
    async [Symbol.asyncDispose]() {
      await close();
      await dir.remove();
    },
  };
}
