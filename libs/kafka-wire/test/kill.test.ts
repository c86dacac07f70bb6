import { buildBatch } from '@tmws/log';
import { type StartedProcess, startProcess, tempDir } from '@tmws/testkit';
import { startBroker } from './fixture.ts';
import { fetchBody, type FetchAnswer, type ProduceAnswer, produceBody, rawClient, type RawClient } from './raw-client.ts';

const program = new URL('broker-process.ts', import.meta.url).pathname;

async function start(dir: string): Promise<{ child: StartedProcess; port: number }> {
  const child = await startProcess([program, dir, '0'], { until: /listening on (\d+)/ });
  return { child, port: Number(child.ready[1]) };
}

/** All values of partition 0, read as a consumer does. */
async function readValues(client: RawClient): Promise<string[]> {
  const values: string[] = [];
  for (;;) {
    const { topics } = await client.ask<FetchAnswer>('Fetch', 11, fetchBody('t', values.length));
    const { records, errorCode } = topics[0]!.partitions[0]!;
    expect(errorCode).toBe(0);
    if (records.length === 0) return values;
    values.push(...[...records.toString('latin1').matchAll(/<(\d+)>/g)].map((match) => match[1]!));
  }
}

test('what was acknowledged before a kill -9 is there after it, once and in order, and what was not is sent again', async () => {
  await using dir = await tempDir('kill');
  let { child, port } = await start(dir.path);
  const total = 4000;
  let acknowledged = 0;
  const batchOf = (sequence: number): Buffer =>
    buildBatch([{ value: `<${sequence}>${'x'.repeat(200)}` }], { producerId: 5, producerEpoch: 0, baseSequence: sequence });

  for (const killAfter of [700, 1500, 2600, Number.POSITIVE_INFINITY]) {
    const client = await rawClient(port);
    let killing: Promise<unknown> | undefined;
    let sent = acknowledged;
    // Five requests in flight, as an idempotent producer has them at most.
    const pump = async (): Promise<void> => {
      while (sent < total) {
        const sequence = sent++;
        const { topics } = await client.ask<ProduceAnswer>('Produce', 8, produceBody('t', batchOf(sequence)));
        expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, baseOffset: sequence });
        acknowledged = Math.max(acknowledged, sequence + 1);
        if (acknowledged >= killAfter) killing ??= child.kill('SIGKILL');
      }
    };
    await Promise.race([Promise.all([1, 2, 3, 4, 5].map(pump)), client.closed]);
    await killing;
    await client[Symbol.asyncDispose]();
    if (killing === undefined) break;
    ({ child, port } = await start(dir.path));
    await using after = await rawClient(port);
    const values = await readValues(after);
    expect(values.length).toBeGreaterThanOrEqual(acknowledged);
    expect(values).toEqual(values.map((_, i) => String(i)));
  }

  await using client = await rawClient(port);
  expect(await readValues(client)).toEqual(Array.from({ length: total }, (_, i) => String(i)));
  await child.kill('SIGKILL');
});

test('offsets that a group committed survive a kill -9', async () => {
  await using dir = await tempDir('kill');
  const { child, port } = await start(dir.path);
  await using client = await rawClient(port);
  const commit = (offset: number) =>
    client.ask('OffsetCommit', 7, {
      groupId: 'g',
      generation: -1,
      memberId: '',
      instanceId: null,
      retentionMs: -1,
      topics: [{ name: 't', partitions: [{ index: 0, offset, leaderEpoch: -1, timestampMs: -1, metadata: 'm' }] }],
    });
  for (let offset = 0; offset < 100; offset++) {
    expect(await commit(offset)).toMatchObject({ topics: [{ partitions: [{ errorCode: 0 }] }] });
  }
  await child.kill('SIGKILL');
  const again = await start(dir.path);
  await using asking = await rawClient(again.port);
  expect(await asking.ask('OffsetFetch', 5, { groupId: 'g', topics: null })).toMatchObject({
    topics: [{ name: 't', partitions: [{ index: 0, offset: 99, metadata: 'm' }] }],
  });
  await again.child.kill('SIGKILL');
});

test('a kafkajs producer goes on over a broker that is killed and started again', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  const producer = broker.kafka().producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let i = 0; i < 10; i++) {
    if (i === 5) await broker.restart();
    await producer.send({ topic: 't', messages: [{ value: `${i}` }] });
  }
  await producer.disconnect();
  expect(broker.log.partition('t', 0)!.endOffset).toBe(10);
});
