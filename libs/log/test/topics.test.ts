import { readdir } from 'node:fs/promises';
import { eventually, manualClock } from '@tmws/testkit';
import { buildBatch, type Log } from '../src/index.ts';
import { logFolder, readAll } from './fixture.ts';

const record = (value = 'x'.repeat(500)): Buffer => buildBatch([{ value }]);

async function fill(log: Log, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await log.partition('t', 0)!.append(record());
}

test('topics are there again after a restart, with their settings', async () => {
  await using folder = await logFolder();
  const first = await folder.open();
  await first.createTopic('b', { partitions: 3, settings: { retentionMs: 1000 } });
  await first.createTopic('a');
  await first.alterTopic('b', { segmentBytes: 4096 });
  await first.addPartitions('a', 2);
  await first.close();
  const log = await folder.open();
  expect(log.topics().map(({ name, partitions, own }) => ({ name, partitions, own }))).toEqual([
    { name: 'a', partitions: 2, own: {} },
    { name: 'b', partitions: 3, own: { segmentBytes: 4096 } },
  ]);
  expect(log.topic('b')?.settings.retentionMs).toBe(7 * 24 * 3600 * 1000);
});

test('what cannot be a topic is refused with a reason', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t', { partitions: 2 });
  await expect(log.createTopic('t')).rejects.toMatchObject({ kind: 'conflict', message: 'The topic t exists already.' });
  await expect(log.createTopic('../etc')).rejects.toMatchObject({ reason: 'topic_name' });
  await expect(log.createTopic('..')).rejects.toThrow(
    'A topic\'s name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is not "." or ".." (got "..").',
  );
  await expect(log.createTopic('x'.repeat(250))).rejects.toMatchObject({ reason: 'topic_name' });
  await expect(log.createTopic('u', { partitions: 0 })).rejects.toThrow('A topic has 1 to 1000 partitions (got 0).');
  await expect(log.createTopic('u', { settings: { segmentBytes: 3 } })).rejects.toThrow(
    'segmentBytes must be a whole number from 1024 to 1073741824 (got 3).',
  );
  await expect(log.addPartitions('t', 2)).rejects.toThrow(
    'The topic t has 2 partitions already; only more is possible (asked for 2).',
  );
  await expect(log.deleteTopic('u')).rejects.toMatchObject({ kind: 'not_found' });
  await expect(log.createTopic('u', { validateOnly: true })).resolves.toMatchObject({ name: 'u' });
  expect(log.topics()).toHaveLength(1);
});

test("a topic made again under a deleted one's name is empty, and names that differ in case are two topics", async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t');
  await log.createTopic('T');
  await fill(log, 3);
  await log.deleteTopic('t');
  await log.createTopic('t');
  expect(log.partition('t', 0)!.endOffset).toBe(0);
  expect((await readdir(`${folder.path}/topics`)).sort()).toEqual(['T~2', 't~3']);
});

test('an append to a topic that is deleted meanwhile is answered, one after it is refused', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t');
  const partition = log.partition('t', 0)!;
  const before = partition.append(record());
  await log.deleteTopic('t');
  await expect(before).resolves.toMatchObject({ baseOffset: 0 });
  await expect(partition.append(record())).rejects.toMatchObject({ reason: 'closed' });
});

test('segments whose records were appended longer ago than the retention go, also the one that was written last', async () => {
  await using folder = await logFolder();
  const clock = manualClock(1_000_000);
  const log = await folder.open({ clock: clock.now, defaults: { segmentBytes: 2048, retentionMs: 60_000 } });
  await log.createTopic('t');
  await fill(log, 20);
  clock.advance(50_000);
  await fill(log, 4);
  expect(await log.applyRetention(clock.now())).toBe(0);
  clock.advance(20_000);
  expect(await log.applyRetention(clock.now())).toBeGreaterThan(3);
  const { startOffset, endOffset } = log.partition('t', 0)!;
  expect([startOffset > 15 && startOffset <= 20, endOffset]).toEqual([true, 24]);
  clock.advance(60_000);
  await log.applyRetention(clock.now());
  expect([log.partition('t', 0)!.startOffset, log.partition('t', 0)!.endOffset]).toEqual([24, 24]);
  await expect(log.partition('t', 0)!.read(3, 100)).rejects.toMatchObject({ reason: 'offset_out_of_range' });
  await log.close();

  const reopened = await folder.open({ clock: clock.now });
  expect([reopened.partition('t', 0)!.startOffset, reopened.partition('t', 0)!.endOffset]).toEqual([24, 24]);
  await fill(reopened, 1);
  expect(reopened.partition('t', 0)!.endOffset).toBe(25);
});

test('a partition above its retention size loses its oldest segments, and keeps at least that size', async () => {
  await using folder = await logFolder();
  const log = await folder.open({ defaults: { segmentBytes: 2048, retentionBytes: 10_000 } });
  await log.createTopic('t');
  await fill(log, 100);
  await log.applyRetention(Date.now());
  const { sizeBytes } = log.partition('t', 0)!;
  expect(sizeBytes >= 10_000 && sizeBytes < 12_100).toBe(true);
  expect((await readAll(log, 't', 0)).length).toBe(sizeBytes);
});

test('a record imported with an old timestamp is kept as long as any other', async () => {
  await using folder = await logFolder();
  const log = await folder.open({ defaults: { retentionMs: 60_000 } });
  await log.createTopic('t');
  await log.partition('t', 0)!.append(buildBatch([{ value: 'a', timestampMs: 5 }]));
  expect(await log.applyRetention(Date.now())).toBe(0);
});

test('deleted records stay deleted after a restart', async () => {
  await using folder = await logFolder();
  const first = await folder.open({ defaults: { segmentBytes: 2048 } });
  await first.createTopic('t');
  await fill(first, 20);
  expect(await first.deleteRecords('t', 0, 10)).toBe(10);
  await expect(first.partition('t', 0)!.read(9, 100)).rejects.toMatchObject({ reason: 'offset_out_of_range' });
  await expect(first.deleteRecords('t', 0, 21)).rejects.toMatchObject({ reason: 'offset_out_of_range' });
  await first.close();
  const log = await folder.open();
  expect(log.partition('t', 0)!.startOffset).toBe(10);
  expect(await log.deleteRecords('t', 0, -1)).toBe(20);
});

test('below the watermark records are refused and read, and taken again when there is room', async () => {
  await using folder = await logFolder();
  const clock = manualClock(0);
  let free = 1_000_000_000;
  const options = { clock: clock.now, minFreeBytes: 256 * 1024 * 1024, freeBytes: () => Promise.resolve(free) };
  const log = await folder.open(options);
  await log.createTopic('t');
  await fill(log, 2);
  free = 200 * 1024 * 1024;
  clock.advance(1000);
  await expect(log.partition('t', 0)!.append(record())).rejects.toMatchObject({
    kind: 'unavailable',
    reason: 'disk_low',
    message:
      'The log takes no more records: 200 MiB of disk are free and 256 MiB must stay free. Free some space or shorten the retention of topics; reading goes on.',
  });
  expect((await readAll(log, 't', 0)).length).toBe(2 * record().length);
  free = 1_000_000_000;
  clock.advance(1000);
  await fill(log, 1);
  expect(log.partition('t', 0)!.endOffset).toBe(3);
});

test('a batch above the limit of its topic is refused', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t', { settings: { maxBatchBytes: 1000 } });
  await expect(log.partition('t', 0)!.append(record('x'.repeat(1000)))).rejects.toMatchObject({ kind: 'too_large' });
});

test('what is no record batch is not stored', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  await log.createTopic('t');
  const partition = log.partition('t', 0)!;
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), Buffer.concat([record(), record()]), record().subarray(0, 80)]) {
    await expect(partition.append(bytes)).rejects.toThrow('What t/0 was given is not one record batch of format 2.');
  }
  expect(partition.endOffset).toBe(0);
});

test('retention runs by itself when the log is opened', async () => {
  await using folder = await logFolder();
  const clock = manualClock(0);
  const first = await folder.open({ clock: clock.now });
  await first.createTopic('t');
  await fill(first, 3);
  await first.close();
  clock.advance(8 * 24 * 3600 * 1000);
  const log = await folder.open({ clock: clock.now, retentionEveryMs: 1_000_000 });
  await eventually(() => log.partition('t', 0)!.startOffset === 3);
});
