import { type FileHandle, open } from 'node:fs/promises';
import { buildBatch } from '../src/index.ts';
import { logFolder, readAll } from './fixture.ts';

/** A disk whose writes and syncs fail while `broken` says how. */
function failingDisk() {
  const disk = { broken: 'no' as 'no' | 'write' | 'half a write' | 'sync' | 'all', syncs: 0 };
  const fail = (code: string): never => {
    throw Object.assign(new Error(`${code}: simulated`), { code });
  };
  const openFile = async (path: string, flags: string | number): Promise<FileHandle> => {
    const handle = await open(path, flags);
    const { writev, datasync, truncate } = handle;
    handle.writev = (async (buffers: Buffer[], position: number) => {
      if (disk.broken === 'write' || disk.broken === 'all') fail('ENOSPC');
      if (disk.broken !== 'half a write') return writev.call(handle, buffers, position);
      await writev.call(handle, [Buffer.concat(buffers).subarray(0, 30)], position);
      return fail('EIO');
    }) as FileHandle['writev'];
    handle.datasync = async () => {
      disk.syncs++;
      if (disk.broken === 'sync' || disk.broken === 'all') fail('EIO');
      await datasync.call(handle);
    };
    handle.truncate = async (length) => {
      if (disk.broken === 'all') fail('EIO');
      await truncate.call(handle, length);
    };
    return handle;
  };
  return { disk, openFile };
}

const record = (value: string): Buffer => buildBatch([{ value }]);

test.each(['write', 'half a write', 'sync', 'all'] as const)(
  'when the disk fails (%s) nothing is acknowledged or read, and it goes on later',
  async (how) => {
    await using folder = await logFolder();
    const { disk, openFile } = failingDisk();
    const log = await folder.open({ openFile });
    await log.createTopic('t');
    const partition = log.partition('t', 0)!;
    const kept = record('before');
    await partition.append(kept);

    disk.broken = how;
    const failed = await Promise.allSettled([partition.append(record('lost 1')), partition.append(record('lost 2'))]);
    for (const one of failed)
      expect(one).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', reason: 'disk_failed' } });
    expect(partition.endOffset).toBe(1);

    disk.broken = 'no';
    const later = record('after');
    expect(await partition.append(later)).toMatchObject({ baseOffset: 1 });
    expect((await readAll(log, 't', 0)).equals(Buffer.concat([kept, later]))).toBe(true);
    await log.close();
    expect((await readAll(await folder.open(), 't', 0)).equals(Buffer.concat([kept, later]))).toBe(true);
  },
);

test('an idempotent producer sends again what the disk did not take, and it is taken', async () => {
  await using folder = await logFolder();
  const { disk, openFile } = failingDisk();
  const log = await folder.open({ openFile });
  await log.createTopic('t');
  const batch = (): Buffer => buildBatch([{ value: 'a' }], { producerId: 1, producerEpoch: 0, baseSequence: 0 });
  disk.broken = 'sync';
  await expect(log.partition('t', 0)!.append(batch())).rejects.toThrow(
    'Writing t/0 failed (EIO), nothing of it was accepted. See to the disk under the data folder; writes go on by themselves when it works again.',
  );
  disk.broken = 'no';
  expect(await log.partition('t', 0)!.append(batch())).toEqual({ baseOffset: 0, lastOffset: 0, duplicate: false });
  expect(await log.partition('t', 0)!.append(batch())).toEqual({ baseOffset: 0, lastOffset: 0, duplicate: true });
});

test('appends that come together share their syncs', async () => {
  await using folder = await logFolder();
  const { disk, openFile } = failingDisk();
  const log = await folder.open({ openFile });
  await log.createTopic('t');
  await log.partition('t', 0)!.append(record('first'));
  disk.syncs = 0;
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.partition('t', 0)!.append(record(`${i}`))));
  expect(disk.syncs).toBeLessThan(5);
});

test('a map that could not be written keeps its old values', async () => {
  await using folder = await logFolder();
  const { disk, openFile } = failingDisk();
  const log = await folder.open({ openFile });
  const map = await log.openMap<number>('m');
  await map.put([['a', 1]]);
  disk.broken = 'half a write';
  await expect(
    map.put([
      ['a', 2],
      ['b', 2],
    ]),
  ).rejects.toMatchObject({ reason: 'disk_failed' });
  expect([...map.entries()]).toEqual([['a', 1]]);
  disk.broken = 'no';
  await map.put([['c', 3]]);
  await map.close();
  const again = await log.openMap<number>('m');
  expect([...again.entries()]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
  await again.close();
});
