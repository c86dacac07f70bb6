// Starts Kafka as the image apache/kafka does: settings from KAFKA_*, storage formatted once, then the broker in this process' place.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the image sets itself where nothing is said: one node that is broker and controller. */
const defaults: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@localhost:9093',
  listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  'advertised.listeners': 'PLAINTEXT://localhost:9092',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'log.dirs': '/tmp/kraft-combined-logs',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'log.cleaner.dedupe.buffer.size': '4194304',
};

/** Names of the image's environment that are no settings of the broker. */
const otherNames = new Set([
  'KAFKA_HEAP_OPTS',
  'KAFKA_OPTS',
  'KAFKA_JVM_PERFORMANCE_OPTS',
  'KAFKA_LOG4J_OPTS',
  'KAFKA_JMX_OPTS',
  'KAFKA_GC_LOG_OPTS',
  'KAFKA_VERSION',
]);

const { env } = process;
const given = Object.entries(env)
  .filter(([name]) => name.startsWith('KAFKA_') && !name.startsWith('KAFKA_LOG4J') && !otherNames.has(name))
  .map(([name, value]): [string, string] => [settingOf(name), value ?? '']);
const settings: Record<string, string> = { ...defaults, ...Object.fromEntries(given) };
const properties = '/tmp/server.properties';
writeFileSync(
  properties,
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
);

const words = (text = ''): string[] => text.split(/\s+/).filter((word) => word !== '');
const log = env.TMWS_KAFKA_LOG_LEVEL ?? 'warn';
const always = [`-Dorg.slf4j.simpleLogger.defaultLogLevel=${log}`, '-XX:+UseSerialGC', '-cp', '/opt/kafka/libs/*'];
const java = '/opt/java/bin/java';
const logDir = (settings['log.dirs'] ?? '').split(',')[0] ?? '';
if (!existsSync(join(logDir, 'meta.properties'))) {
  const cluster = env.CLUSTER_ID ?? '5L6g3nShT-eMCtK--X86sw';
  const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', cluster, '-c', properties];
  const { status } = spawnSync(java, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...always, ...format], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const heap = words(env.KAFKA_HEAP_OPTS ?? '-Xmx256m');
const start = [...heap, ...words(env.KAFKA_OPTS), ...always, 'kafka.Kafka', properties];
process.execve?.(java, [java, ...start], withoutUndefined(env));

/** `KAFKA_LOG_DIRS` is `log.dirs`; `___` stands for `-`, `__` for `_` (the image's own rule). */
function settingOf(name: string): string {
  return name
    .slice('KAFKA_'.length)
    .toLowerCase()
    .replaceAll('___', '-')
    .replaceAll('__', '\0')
    .replaceAll('_', '.')
    .replaceAll('\0', '_');
}

function withoutUndefined(from: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
