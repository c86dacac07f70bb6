import fc from 'fast-check';
import { buildBatch, readBatchHeader } from '../src/index.ts';
import { logFolder, readAll } from './fixture.ts';

const batches = fc.array(fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 40,
});

test('what is read back is what was appended, whatever the segment size and however often the log is opened again', async () => {
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.integer({ min: 1024, max: 6000 }),
      fc.nat(10),
      fc.integer({ min: 1, max: 9000 }),
      async (given, segmentBytes, reopenEvery, maxBytes) => {
        await using folder = await logFolder();
        let log = await folder.open({ defaults: { segmentBytes } });
        await log.createTopic('t');
        const expected: Buffer[] = [];
        let offset = 0;
        for (const [i, values] of given.entries()) {
          const batch = buildBatch(
            values.map((value) => ({ value })),
            { timestampMs: i },
          );
          expect(await log.partition('t', 0)!.append(batch)).toEqual({
            baseOffset: offset,
            lastOffset: offset + values.length - 1,
            duplicate: false,
          });
          expected.push(batch);
          offset += values.length;
          if (reopenEvery > 0 && i % reopenEvery === 0) {
            await log.close();
            log = await folder.open({ defaults: { segmentBytes } });
          }
        }
        expect(log.partition('t', 0)!.endOffset).toBe(offset);
        expect((await readAll(log, 't', 0, 0, maxBytes)).equals(Buffer.concat(expected))).toBe(true);
        const inTheMiddle = Math.floor(offset / 2);
        const { bytes } = await log.partition('t', 0)!.read(inTheMiddle, maxBytes);
        const first = readBatchHeader(bytes);
        expect(first.baseOffset).toBeLessThanOrEqual(inTheMiddle);
        expect(first.lastOffset).toBeGreaterThanOrEqual(inTheMiddle);
      },
    ),
    { numRuns: 40 },
  );
});

test('appends of many callers to many partitions all get their own offsets', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t', { partitions: 5 });
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, i) => log.partition('t', i % 5)!.append(buildBatch([{ value: `${i}` }, { value: `${i}b` }]))),
  );
  for (const partition of [0, 1, 2, 3, 4]) {
    const offsets = answers.filter((_, i) => i % 5 === partition).map((answer) => answer.baseOffset);
    expect(offsets).toEqual(Array.from({ length: 100 }, (_, i) => 2 * i));
  }
});

test('a read is at most as long as asked, but at least one batch when that is asked for', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t');
  const partition = log.partition('t', 0)!;
  const size = buildBatch([{ value: 'x'.repeat(1000) }]).length;
  for (let i = 0; i < 10; i++) await partition.append(buildBatch([{ value: 'x'.repeat(1000) }]));
  expect((await partition.read(0, 3 * size + 5)).bytes).toHaveLength(3 * size);
  expect((await partition.read(0, 1)).bytes).toHaveLength(size);
  expect(await partition.read(0, 1, { atLeastOne: false })).toEqual({ bytes: Buffer.alloc(0), nextOffset: 0 });
  expect(await partition.read(10, 100)).toEqual({ bytes: Buffer.alloc(0), nextOffset: 10 });
  await expect(partition.read(11, 100)).rejects.toMatchObject({
    reason: 'offset_out_of_range',
    message: 't/0 has offsets 0 to 10 (asked for 11).',
  });
});

test('a timestamp finds the first record of that time or later, over segments and after a restart', async () => {
  await using folder = await logFolder();
  let log = await folder.open({ defaults: { segmentBytes: 4096 } });
  await log.createTopic('t');
  for (let i = 0; i < 200; i++) {
    const records = [0, 1, 2].map((k) => ({ value: 'x'.repeat(50), timestampMs: 1000 * (3 * i + k) }));
    await log.partition('t', 0)!.append(buildBatch(records));
  }
  for (const reopened of [false, true]) {
    if (reopened) {
      await log.close();
      log = await folder.open({ defaults: { segmentBytes: 4096 } });
    }
    const partition = log.partition('t', 0)!;
    for (const record of [0, 1, 2, 299, 598, 599]) {
      expect(await partition.offsetForTimestamp(1000 * record)).toEqual({ offset: record, timestampMs: 1000 * record });
      expect(await partition.offsetForTimestamp(1000 * record - 999)).toEqual({ offset: record, timestampMs: 1000 * record });
    }
    expect(await partition.offsetForTimestamp(600_000)).toBeUndefined();
  }
});

test('a listener hears of what can be read, and of nothing after it stopped', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t');
  const partition = log.partition('t', 0)!;
  const heard: number[] = [];
  const stop = partition.onAppend((bytes) => heard.push(bytes));
  const batch = buildBatch([{ value: 'a' }]);
  await partition.append(batch);
  stop();
  await partition.append(buildBatch([{ value: 'b' }]));
  expect(heard).toEqual([batch.length]);
});
