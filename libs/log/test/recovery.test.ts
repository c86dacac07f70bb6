import { appendFile, copyFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { buildBatch, type Log } from '../src/index.ts';
import { lines, logFolder, type LogFolder, readAll } from './fixture.ts';

const partitionOf = (folder: LogFolder): string => `${folder.path}/topics/t~1/0`;
const segmentsOf = async (folder: LogFolder): Promise<string[]> =>
  (await readdir(partitionOf(folder)))
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => `${partitionOf(folder)}/${name}`);

async function fill(log: Log, count: number): Promise<void> {
  if (log.topic('t') === undefined) await log.createTopic('t');
  for (let i = 0; i < count; i++) await log.partition('t', 0)!.append(buildBatch([{ value: `${i}`.repeat(20) }]));
}

/** As after kill -9: the indexes are those of an earlier moment. */
async function withoutIndexes(folder: LogFolder): Promise<void> {
  for (const name of await readdir(partitionOf(folder))) if (name.endsWith('.index')) await rm(`${partitionOf(folder)}/${name}`);
}

async function flip(path: string, position: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[position]! ^= 0xff;
  await writeFile(path, bytes);
}

test.each([1, 11, 60, 61, 70])('a tail torn after %d bytes is cut off, with one line that says so', async (kept) => {
  await using folder = await logFolder();
  const first = await folder.open();
  await fill(first, 5);
  await first.close();
  const [segment] = await segmentsOf(folder);
  const sound = await readFile(segment!);
  const torn = buildBatch([{ value: 'never acknowledged' }]);
  torn.writeBigInt64BE(5n);
  await appendFile(segment!, torn.subarray(0, kept));
  await withoutIndexes(folder);

  const { logger, told } = lines();
  const log = await folder.open({ logger });
  expect(told).toEqual([`t/0: cut a torn tail of ${kept} bytes that was never acknowledged; the log ends at offset 5`]);
  expect((await readAll(log, 't', 0)).equals(sound)).toBe(true);
  await fill(log, 1);
  expect(log.partition('t', 0)!.endOffset).toBe(6);
});

test('a tail of zeros, as a power cut leaves it, is cut off', async () => {
  await using folder = await logFolder();
  const first = await folder.open();
  await fill(first, 3);
  await first.close();
  const [segment] = await segmentsOf(folder);
  const { size } = await stat(segment!);
  await truncate(segment!, size + 5000);
  const log = await folder.open();
  expect(log.partition('t', 0)!.endOffset).toBe(3);
  expect((await stat(segment!)).size).toBe(size);
});

test('a folder copied while the log was being written opens with what was acknowledged then', async () => {
  await using folder = await logFolder();
  await using copy = await logFolder();
  const log = await folder.open({ defaults: { segmentBytes: 2048 } });
  await fill(log, 50);
  const beside = await copy.open({ defaults: { segmentBytes: 2048 } });
  await fill(beside, 1);
  await beside.close();
  for (const name of await readdir(partitionOf(folder)))
    await copyFile(`${partitionOf(folder)}/${name}`, `${partitionOf(copy)}/${name}`);
  const reopened = await copy.open({ defaults: { segmentBytes: 2048 } });
  expect((await readAll(reopened, 't', 0)).equals(await readAll(log, 't', 0))).toBe(true);
});

test.each(['removed', 'damaged', 'of another size'])('indexes that are %s are made anew', async (how) => {
  await using folder = await logFolder();
  const options = { defaults: { segmentBytes: 2048 } };
  const first = await folder.open(options);
  await fill(first, 100);
  const content = await readAll(first, 't', 0);
  await first.close();
  const names = (await readdir(partitionOf(folder))).filter((name) => name.endsWith('.index'));
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const path = `${partitionOf(folder)}/${name}`;
    if (how === 'removed') await rm(path);
    if (how === 'damaged') await flip(path, 40);
    if (how === 'of another size') await copyFile(`${partitionOf(folder)}/${names[0]!}`, path);
  }
  const log = await folder.open(options);
  expect((await readAll(log, 't', 0)).equals(content)).toBe(true);
  expect(await log.partition('t', 0)!.offsetForTimestamp(0)).toEqual({ offset: 0, timestampMs: 0 });
  await fill(log, 1);
  expect(log.partition('t', 0)!.endOffset).toBe(101);
});

test('a batch damaged inside a sealed segment is told to who reads it, and the records around it can be read', async () => {
  await using folder = await logFolder();
  const options = { defaults: { segmentBytes: 2048 } };
  const first = await folder.open(options);
  await fill(first, 60);
  await first.close();
  const [sealed] = await segmentsOf(folder);
  const size = buildBatch([{ value: '0'.repeat(20) }]).length;
  await flip(sealed!, 3 * size + size - 5);

  const log = await folder.open(options);
  const partition = log.partition('t', 0)!;
  expect((await partition.read(0, 1024 * 1024)).nextOffset).toBe(3);
  await expect(partition.read(3, 1024)).rejects.toMatchObject({ reason: 'corrupt_batch' });
  await expect(partition.read(3, 1024)).rejects.toThrow(
    'The batch at offset 3 of t/0 is damaged on the disk: its bytes do not have the checksum they were written with. ' +
      'Restore the data folder from a backup, or seek behind that offset to go on without it.',
  );
  expect((await partition.read(4, 1024 * 1024)).nextOffset).toBeGreaterThan(4);
  await fill(log, 1);
  expect(partition.endOffset).toBe(61);
});

test('after a clean close nothing is scanned', async () => {
  await using folder = await logFolder();
  const first = await folder.open();
  await fill(first, 10);
  await first.close();
  const [segment] = await segmentsOf(folder);
  await flip(segment!, 70); // a scan would find it and cut the log there
  const { logger, told } = lines();
  const log = await folder.open({ logger });
  expect([log.partition('t', 0)!.endOffset, told]).toEqual([10, []]);
});

test('a segment whose making was cut short is not missed', async () => {
  await using folder = await logFolder();
  const first = await folder.open();
  await fill(first, 10);
  await first.close();
  await writeFile(`${partitionOf(folder)}/${'7'.padStart(20, '0')}.log`, '');
  const log = await folder.open();
  expect(log.partition('t', 0)!.endOffset).toBe(10);
});

test('a batch sent again after a crash is recognised', async () => {
  await using folder = await logFolder();
  const options = { defaults: { segmentBytes: 2048 } };
  const first = await folder.open(options);
  await first.createTopic('t');
  const batch = (sequence: number): Buffer =>
    buildBatch([{ value: 'x'.repeat(300) }], { producerId: 7, producerEpoch: 0, baseSequence: sequence });
  for (let i = 0; i < 20; i++) await first.partition('t', 0)!.append(batch(i));
  await first.close();
  for (const lost of ['nothing', 'the last index', 'all indexes']) {
    const names = (await readdir(partitionOf(folder))).filter((name) => name.endsWith('.index')).sort();
    for (const name of lost === 'nothing' ? [] : lost === 'the last index' ? names.slice(-1) : names)
      await rm(`${partitionOf(folder)}/${name}`);
    const log = await folder.open(options);
    expect(await log.partition('t', 0)!.append(batch(19))).toEqual({ baseOffset: 19, lastOffset: 19, duplicate: true });
    await expect(log.partition('t', 0)!.append(batch(21))).rejects.toMatchObject({ reason: 'sequence_gap' });
    await log.close();
  }
});
