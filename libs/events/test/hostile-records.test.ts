// Records no client of ours would send, put onto the embedded log as they are.
import { gzipSync } from 'node:zlib';
import { batchHeaderBytes, buildBatch, crc32c } from '@tmws/log';
import type { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { deadLetter, fromRecord, type IncomingRecord, readDeadLetter } from '../src/index.ts';
import { embeddedKafka, newName, newTopic, numbered, openBus, type OpenedBus } from './fixture.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

let kafka: Awaited<ReturnType<typeof embeddedKafka>>;
let opened: OpenedBus;
let topic: string;
let store: MemoryStore;

beforeAll(async () => {
  kafka = await embeddedKafka();
});
afterAll(() => kafka[Symbol.asyncDispose]());
beforeEach(async () => {
  opened = openBus(kafka);
  topic = await newTopic(kafka, 1);
  store = memoryStore();
});
afterEach(() => opened[Symbol.asyncDispose]());

/** A batch of `records` records with this content, as it would lie on the log. */
function batchOf(content: Buffer, records: number, codec: number): Buffer {
  const header = buildBatch(Array.from({ length: records }, () => ({ value: null }))).subarray(0, batchHeaderBytes);
  const batch = Buffer.concat([header, content]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt16BE(codec, 21);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}

const append = async (batch: Buffer): Promise<unknown> => kafka.log.partition(topic, 0)!.append(batch);
const consume = () => opened.bus.consume({ group: newName('group'), topics: [topic], lanes: 1, ...store });

test('a header without a value is left out and does not stop the partition', async () => {
  // attributes, times, key -1, value -1, two headers: "a" without a value, "n" with "1"
  const body = Buffer.from([0, 0, 0, 1, 1, 4, 2, 0x61, 1, 2, 0x6e, 2, 0x31]);
  await append(batchOf(Buffer.concat([Buffer.from([body.length * 2]), body]), 1, 0));
  await opened.bus.publish([numbered(topic, 2)]);
  consume();
  await eventually(() => expect(store.numbers()).toEqual([1, 2]));
  expect(store.stored[0]?.headers).toEqual({ n: '1' });
});

const kilo = { value: 'x'.repeat(1000) };

test.each([
  ['compressed with gzip that is none', 1, 3, Buffer.from('no gzip at all')],
  ['that gzip makes a bomb of', 1, 3, gzipSync(Buffer.alloc(100 * 1024 * 1024))],
  ['compressed with snappy that is none', 2, 3, Buffer.from('\xff\xff\xff\xff\xff\xff\xff', 'latin1')],
  ['in snappy framing that leads nowhere', 2, 3, Buffer.from('82534e415050590000000001000000017fffffff00', 'hex')],
  ['compressed with lz4 that is none', 3, 3, Buffer.from('no lz4 at all')],
  ['compressed with zstd that is none', 4, 3, Buffer.from('no zstd at all')],
  ['of a compression nobody knows', 6, 3, Buffer.from('something')],
  ['that holds fewer records than it says', 1, 3, gzipSync(buildBatch([kilo]).subarray(batchHeaderBytes))],
  ['whose records are noise', 0, 3, Buffer.alloc(300, 0x7f)],
  ['whose record has more headers than bytes', 0, 1, Buffer.from([20, 0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f])],
])('a batch %s becomes one dead letter, and the partition goes on', async (_which, codec, records, content) => {
  await append(batchOf(content, records, codec));
  await opened.bus.publish([numbered(topic, 7)]);
  consume();
  await eventually(() => expect(store.numbers()).toContain(7));
  const [unreadable, ...rest] = store.stored;
  expect([unreadable?.offset, rest.map(({ offset }) => offset)]).toEqual([BigInt(records) - 1n, [BigInt(records)]]);
  const problem = refusal(unreadable!);
  expect([problem.kind, problem.message]).toEqual(['invalid', expect.stringMatching(/^the record batch cannot be read: ./)]);
  const letter = deadLetter(unreadable!, problem, 0);
  const readBack = readDeadLetter({ ...unreadable!, topic: letter.topic, headers: letter.headers, value: letter.value });
  expect([readBack.reason, readBack.id]).toEqual([problem.message, `${topic}/0/${records - 1}`]);
});

test('a record of very many headers is read in good time', async () => {
  const headers = Buffer.concat(
    Array.from({ length: 60_000 }, (_, i) => Buffer.from([10, ...Buffer.from(String(i).padStart(5, '0')), 2, 0x31])),
  );
  const body = Buffer.concat([Buffer.from([0, 0, 0, 1, 1]), varint(60_000), headers]);
  await append(batchOf(Buffer.concat([varint(body.length), body]), 1, 0));
  consume();
  const beganMs = performance.now();
  await eventually(() => expect(store.stored).toHaveLength(1));
  expect(Object.keys(store.stored[0]!.headers)).toHaveLength(60_000);
  expect(performance.now() - beganMs).toBeLessThan(5000);
});

function refusal(record: IncomingRecord): Problem {
  try {
    fromRecord(record);
  } catch (error) {
    return error as Problem;
  }
  throw new Error('the record was read');
}

/** Zigzag of a number from 0, seven bits a byte, lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = 2 * value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
