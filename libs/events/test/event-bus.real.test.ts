import { spawn } from 'node:child_process';
import { eventually } from '@tmws/testkit';
import { eventBusContract } from './event-bus.contract.ts';
import { client, newName, newTopic, openBus, range, type TestKafka } from './fixture.ts';
import { memoryStore } from './memory-store.ts';

const kafka: TestKafka = {
  brokers: (process.env['TMWS_TEST_KAFKA_BROKERS'] ?? '').split(','),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

describe('an event bus on Kafka', () => {
  eventBusContract(() => Promise.resolve(kafka));

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('batches that librdkafka compressed with %s are read', async (codec) => {
    const topic = await newTopic(kafka, 1);
    const lines = range(0, 3000).map((n) => `${n} ${'payload '.repeat(10)}`);
    await kcat(['-P', '-t', topic, '-z', codec, '-H', 'a=1', '-H', 'nothing', '-X', 'linger.ms=100'], lines.join('\n'));
    await using opened = openBus(kafka);
    const store = memoryStore();
    opened.bus.consume({ group: newName('group'), topics: [topic], lanes: 1, ...store });
    await eventually(() => store.stored.length >= lines.length);
    expect(store.stored.map(({ value }) => value?.toString())).toEqual(lines);
    expect(store.stored[0]?.headers).toEqual({ a: '1' });
  });

  test('records of a transaction that was given up are passed over, and those of one that held are read once', async () => {
    const topic = await newTopic(kafka, 1);
    const producer = client(kafka).producer({ transactionalId: newName('tx'), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (const [n, keeps] of [true, false, false, true, false].entries()) {
      const transaction = await producer.transaction();
      await transaction.send({
        topic,
        messages: range(0, 20).map((i) => ({ key: 'k', value: 'v', headers: { n: String(n * 100 + i) } })),
      });
      await (keeps ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    await using opened = openBus(kafka);
    const store = memoryStore();
    const group = newName('group');
    const consumer = opened.bus.consume({ group, topics: [topic], lanes: 1, ...store });
    await eventually(() => expect(store.numbers()).toEqual([...range(0, 20), ...range(300, 320)]));
    await consumer.close();
    await opened.bus.publish([{ topic, key: undefined, headers: { n: '999' }, value: undefined }]);
    opened.bus.consume({ group, topics: [topic], lanes: 1, ...store });
    await eventually(() => expect(store.numbers()).toEqual([...range(0, 20), ...range(300, 320), 999]));
    expect((await opened.bus.tail(topic, 1000)).map(({ headers }) => Number(headers['n']))).toEqual(store.numbers());
  });
});

async function kcat(words: readonly string[], input: string): Promise<void> {
  const child = spawn(process.env['TMWS_TEST_KCAT'] ?? 'kcat', ['-b', kafka.brokers.join(','), ...words]);
  child.stdin.end(input);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  expect([code, code === 0 ? '' : errors]).toEqual([0, '']);
}
