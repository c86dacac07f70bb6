import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { openBroker } from '@tmws/kafka-wire';
import { openLog } from '@tmws/log';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { freePort, selfSignedCertificate, tempDir } from '@tmws/testkit';
import { type EventBusOptions, openEventBus } from '../src/index.ts';

const { cert, key } = selfSignedCertificate();
const signIn = { username: 'tmws', password: 'open sesame' };

/** A broker that asks for a password, and before it what speaks TLS. */
async function securedKafka() {
  const dir = await tempDir('secured-kafka');
  const logger = openLogger('broker', 'silent');
  const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0, logger });
  const port = await freePort();
  const access = {
    signIn: ({ secret }: { secret: string }) =>
      Promise.resolve(secret === signIn.password ? {} : 'the credential is not good here'),
  };
  const broker = await openBroker({ log, logger, port: 0, advertisedHost: '127.0.0.1', advertisedPort: port, access });
  const open = new Set<TLSSocket>();
  const proxy = createServer({ cert, key }, (outer) => {
    open.add(outer);
    const inner = connect(broker.port, '127.0.0.1');
    outer.on('error', () => inner.destroy());
    inner.on('error', () => outer.destroy());
    outer.pipe(inner).pipe(outer);
  }).listen(port, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    brokers: [`127.0.0.1:${port}`],
    async [Symbol.asyncDispose]() {
      proxy.close();
      open.forEach((each) => each.destroy());
      await broker.close();
      await log.close();
      await dir.remove();
    },
  };
}

const busOf = (brokers: readonly string[], access: Pick<EventBusOptions, 'signIn' | 'tls'>) =>
  openEventBus({
    brokers,
    clientId: 'test',
    logger: openLogger('test', 'silent'),
    metrics: openMetrics(),
    publishTimeoutMs: 800,
    ...access,
  });

test('a Kafka behind TLS that asks for a password is written to and read by who has both, and by nobody else', async () => {
  await using kafka = await securedKafka();
  const bus = busOf(kafka.brokers, { signIn, tls: { ca: cert } });
  try {
    await bus.ensureTopics();
    const record = { topic: 'tmws.workflow', key: undefined, headers: {}, value: Buffer.from('{}') };
    await bus.publish([record]);
    expect((await bus.tail('tmws.workflow', 1)).map(({ value }) => value?.toString())).toEqual(['{}']);
    const others = [
      { tls: { ca: cert } },
      { signIn: { ...signIn, password: 'no' }, tls: { ca: cert } },
      { signIn, tls: {} },
      { signIn },
    ];
    await Promise.all(
      others.map(async (access) => {
        const other = busOf(kafka.brokers, access);
        await expect(other.publish([record])).rejects.toThrow(expect.objectContaining({ kind: 'unavailable' }) as Error);
        await other.close();
      }),
    );
  } finally {
    await bus.close();
  }
});
