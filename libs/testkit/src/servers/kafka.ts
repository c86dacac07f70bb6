import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { cacheDir, installOnce } from './cache.ts';
import { installJava, installMaven } from './java.ts';
import { kafkaAnswers } from './kafka-handshake.ts';
import { freePort } from './ports.ts';
import { run } from './run.ts';
import { openServer, serverFolder, type Server } from './server.ts';

const version = '4.3.1';

// kafka-tools-api is left out: the broker runs without it, and of some versions it was never published.
const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>tmws</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

export type KafkaInstall = {
  readonly java: string;
  /** Folder of the broker's jars. */
  readonly lib: string;
};

/** Brings Java and the broker's jars (by Maven) into the cache. */
export async function installKafka(cache = cacheDir()): Promise<KafkaInstall> {
  try {
    const dir = await installOnce(cache, `kafka-${version}`, async (into) => {
      const { mvn, env } = await installMaven(cache);
      await writeFile(join(into, 'pom.xml'), pom);
      // A repository of its own: it asks nothing of the user's home, and leaves nothing there.
      const repository = join(into, 'repository');
      const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'];
      await run(mvn, ['-B', '-q', `-Dmaven.repo.local=${repository}`, ...goal], { cwd: into, env });
      await rm(repository, { recursive: true });
    });
    return { java: await installJava(cache), lib: join(dir, 'lib') };
  } catch (cause) {
    throw new Error(
      `Kafka ${version} could not be installed (Java 17 and Maven from Debian, jars by Maven): ${(cause as Error).message}`,
      { cause },
    );
  }
}

export type KafkaOptions = {
  readonly cacheDir?: string;
  /** A free one if absent. */
  readonly port?: number;
  /** Broker settings, over those for tests: `{ 'auto.create.topics.enable': 'false' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The heap, 128 MiB if absent. */
  readonly heapMb?: number;
  /** The JVM's other options. Absent: those that start soonest; give others for a measurement. */
  readonly jvmOptions?: readonly string[];
};

export type KafkaServer = Server & {
  /** `127.0.0.1:<port>` */
  readonly brokers: string;
};

/** Starts a broker of its own: one KRaft node, without TLS or sign-in. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const { heapMb = 128, jvmOptions = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] } = options;
  const { java, lib } = await installKafka(options.cacheDir);
  const port = options.port ?? (await freePort());
  const controllerPort = await freePort();
  const folder = await serverFolder('kafka');
  const properties = join(folder, 'server.properties');
  await mkdir(join(folder, 'log'));
  await writeFile(properties, brokerProperties(port, controllerPort, folder, options.settings));

  const classPath = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', `${lib}/*`];
  const clusterId = `t${randomBytes(16).toString('base64url').slice(1)}`;
  const launch = async () =>
    startChild(java, [`-Xmx${heapMb}m`, ...jvmOptions, ...classPath, 'kafka.Kafka', properties], { cwd: folder });
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  const formatter = ['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...classPath, ...format];

  const server = await openServer({
    name: `Kafka ${version}`,
    folder,
    prepare: () => run(java, formatter),
    launch,
    answers: () => kafkaAnswers(port),
    // A clean end writes what is removed the moment after.
    end: (child) => child.kill(),
  });
  return { ...server, brokers: `127.0.0.1:${port}` };
}

/**
 * As a machine's own broker has them, but for a small one. After a crash the controller takes the broker back only when the
 * session of the crashed one is over: 2 s instead of 9 s.
 */
function brokerProperties(
  port: number,
  controllerPort: number,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): string {
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(folder, 'log'),
    'num.network.threads': '2',
    'num.io.threads': '2',
    'background.threads': '2',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'log.segment.bytes': '67108864',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'group.initial.rebalance.delay.ms': '0',
    ...settings,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
