// Runs the tests of real servers (`*.real.test.ts`): installs what the machine lacks, starts the servers, runs jest with the
// given arguments, ends the servers. Ends with jest's code, or with 1 when a server cannot be had. A Kafka or a PostgreSQL that is
// there already is named by the variable the tests read; it is neither started nor ended.
import { constants } from 'node:os';
import {
  cacheDir,
  installGrpcurl,
  installKcat,
  installPrometheus,
  type Server,
  startChild,
  startKafka,
  startPostgres,
} from '@tmws/testkit';

const root = new URL('..', import.meta.url).pathname;
// One suite at a time: those of a service are one consumer group, and two at once would share its partitions.
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--runInBand',
];

async function main(args: readonly string[]): Promise<number> {
  let stopped: NodeJS.Signals | undefined;
  const stopping = Promise.withResolvers<undefined>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopped = signal;
      stopping.resolve(undefined);
    });
  }
  const servers: Server[] = [];
  const serving = async <T extends Server>(start: Promise<T>) => {
    const server = await start;
    servers.push(server);
    return server;
  };
  const { TMWS_TEST_KAFKA_BROKERS: brokers, TMWS_TEST_DATABASE_URL: url18, TMWS_TEST_DATABASE_15_URL: url15 } = process.env;
  const wanted = Promise.all([
    brokers ? { brokers } : timed('Kafka', serving(startKafka())),
    url18 ? { url: url18 } : timed('PostgreSQL 18', serving(startPostgres({ version: 18 }))),
    url15 ? { url: url15 } : timed('PostgreSQL 15', serving(startPostgres({ version: 15 }))),
    timed('kcat', installKcat(cacheDir())),
    timed('grpcurl', installGrpcurl(cacheDir())),
    timed('Prometheus and amtool', installPrometheus(cacheDir())),
  ]);
  try {
    const had = await Promise.race([wanted, stopping.promise]);
    if (had === undefined) return codeOf(stopped);
    const [kafka, postgres, postgres15, kcat, grpcurl, { prometheus, amtool }] = had;
    const code = await run([...jest, ...args], {
      TMWS_TEST_SERVERS: '1',
      TMWS_TEST_KAFKA_BROKERS: kafka.brokers,
      TMWS_TEST_DATABASE_URL: postgres.url,
      TMWS_TEST_DATABASE_15_URL: postgres15.url,
      TMWS_TEST_KCAT: kcat,
      TMWS_TEST_GRPCURL: grpcurl,
      TMWS_TEST_PROMETHEUS: prometheus,
      TMWS_TEST_AMTOOL: amtool,
    });
    return stopped === undefined ? code : codeOf(stopped);
  } catch (error) {
    console.error(`test servers: ${(error as Error).message}`);
    return stopped === undefined ? 1 : codeOf(stopped);
  } finally {
    await Promise.allSettled(servers.map((server) => server.stop()));
  }

  async function run(command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
    const child = await startChild(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...env },
      inheritOutput: true,
    });
    // All of it: workers outlive a jest that was killed, until their test file ends.
    void stopping.promise.then(() => child.kill());
    const { code, signal } = await child.exited;
    return code ?? codeOf(signal ?? undefined);
  }
}

async function timed<T>(name: string, work: Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work;
  console.log(`test servers: ${name} ready after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  return result;
}

const codeOf = (signal: NodeJS.Signals | undefined) => (signal === undefined ? 1 : 128 + constants.signals[signal]);

// Not awaiting what is still being installed after a failure or a signal: what it started ends with this process.
process.exit(await main(process.argv.slice(2)));
