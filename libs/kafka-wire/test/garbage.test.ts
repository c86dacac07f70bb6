import fc from 'fast-check';
import { buildBatch } from '@tmws/log';
import { eventually } from '@tmws/testkit';
import { allApis } from '../src/apis/all-apis.ts';
import { parseRequest } from '../src/net/requests.ts';
import { MalformedRequest } from '../src/wire/reader.ts';
import { startBroker } from './fixture.ts';
import { encodeRequest, fetchBody, produceBody, rawClient } from './raw-client.ts';

const samples = [
  encodeRequest('Produce', 8, produceBody('t', buildBatch([{ key: 'k', value: 'v' }])), 1),
  encodeRequest('Fetch', 11, fetchBody('t', 0), 2),
  encodeRequest(
    'Metadata',
    8,
    { topics: ['t'], allowAutoTopicCreation: true, includeClusterOperations: false, includeTopicOperations: false },
    3,
  ),
  encodeRequest(
    'CreateTopics',
    4,
    {
      topics: [
        { name: 'new', partitions: 2, replicationFactor: 1, assignments: [], configs: [{ name: 'retention.ms', value: '1' }] },
      ],
      timeoutMs: 1,
      validateOnly: true,
    },
    4,
  ),
  encodeRequest(
    'JoinGroup',
    5,
    {
      groupId: 'g',
      sessionTimeoutMs: 1000,
      rebalanceTimeoutMs: 1000,
      memberId: '',
      instanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from('m') }],
    },
    5,
  ),
  encodeRequest('OffsetFetch', 5, { groupId: 'g', topics: [{ name: 't', partitions: [0, 1] }] }, 6),
];

/** A request as it should be, with some bytes changed and some cut off. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
    fc.option(fc.nat(400), { nil: undefined }),
  )
  .map(([sample, changes, cut]) => {
    const bytes = Buffer.from(sample);
    for (const [position, value] of changes) bytes[4 + (position % (bytes.length - 4))] = value;
    const end = cut === undefined ? bytes.length : 4 + (cut % (bytes.length - 4));
    bytes.writeInt32BE(end - 4, 0);
    return bytes.subarray(0, end);
  });

test('whatever bytes a request has, it is read or it is malformed', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        mutated,
        fc.uint8Array({ minLength: 5, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      ),
      (bytes) => {
        try {
          expect(parseRequest(bytes.subarray(4), allApis).api.name).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedRequest);
        }
      },
    ),
    { numRuns: 5000 },
  );
});

test('whatever bytes a client sends, the broker lives, others are served and its memory stays', async () => {
  await using broker = await startBroker();
  await broker.log.createTopic('t');
  await using bystander = await rawClient(broker.port);
  const before = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        mutated,
        fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      ),
      async (bytes) => {
        await using client = await rawClient(broker.port);
        client.send(bytes);
        client.socket.end();
        expect(
          await bystander.ask('Heartbeat', 3, { groupId: 'none', generation: 1, memberId: 'm', instanceId: null }),
        ).toMatchObject({ errorCode: 25 });
      },
    ),
    { numRuns: 300 },
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
});

test.each([
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'), /looks like HTTP/],
  ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex'), /looks like TLS/],
  ['a negative length', Buffer.from('ffffffff00000000', 'hex'), /a request of -1 bytes/],
  [
    'a length above the limit',
    Buffer.from('7fffffff00000000', 'hex'),
    /a request of 2147483647 bytes, where 8 to 33554432 are possible/,
  ],
  ['a request that is too short', Buffer.from('0000000100', 'hex'), /a request of 1 bytes/],
  [
    'an array of two thousand million elements',
    Buffer.from('0000000e00030001000000010000' + '7fffffff', 'hex'),
    /an array of 2147483647 elements in 0 bytes/,
  ],
])('%s closes the connection at once, with one line that says why', async (_what, bytes, line) => {
  await using broker = await startBroker();
  await using client = await rawClient(broker.port);
  client.send(bytes);
  await client.closed;
  await eventually(() => broker.lines.length > 0);
  expect(broker.lines).toHaveLength(1);
  expect(broker.lines[0]).toMatch(line);
});

test('more connections than there may be are turned away, and the ones there are go on', async () => {
  await using broker = await startBroker({ maxConnections: 2 });
  await using one = await rawClient(broker.port);
  await using two = await rawClient(broker.port);
  await using three = await rawClient(broker.port);
  await three.closed;
  expect(await one.ask('ApiVersions', 0, {})).toMatchObject({ errorCode: 0 });
  expect(await two.ask('ApiVersions', 0, {})).toMatchObject({ errorCode: 0 });
});

test('a connection without traffic is closed when its time is over', async () => {
  await using broker = await startBroker({ idleMs: 100 });
  await using client = await rawClient(broker.port);
  await client.closed;
  expect(broker.lines).toEqual([]);
});
