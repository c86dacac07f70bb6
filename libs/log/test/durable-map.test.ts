import { appendFile, readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { lines, logFolder } from './fixture.ts';

test('a map opened again has what was put, whatever was removed in between', async () => {
  const change = fc.tuple(fc.string({ maxLength: 5 }), fc.option(fc.jsonValue(), { nil: undefined }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 10 }), async (rounds) => {
      await using folder = await logFolder();
      const log = await folder.open();
      const map = await log.openMap<unknown>('m');
      await Promise.all(rounds.map((changes) => map.put(changes)));
      const before = [...map.entries()];
      await map.close();
      const again = await log.openMap<unknown>('m');
      expect(new Map(again.entries())).toEqual(new Map(JSON.parse(JSON.stringify(before)) as typeof before));
      await again.close();
    }),
    { numRuns: 30 },
  );
});

test('a torn last line is cut off, with a line that says so', async () => {
  await using folder = await logFolder();
  const { logger, told } = lines();
  const log = await folder.open({ logger });
  const map = await log.openMap<string>('m');
  await map.put([['ä', 'ö']]);
  await map.close();
  const path = `${folder.path}/maps/m`;
  const sound = await readFile(path);
  await appendFile(path, sound.subarray(0, 7));
  const again = await log.openMap<string>('m');
  expect([again.get('ä'), told]).toEqual(['ö', ['m: cut a torn tail that was never acknowledged']]);
  await again.put([['b', 'c']]);
  await again.close();
  expect((await readFile(path)).subarray(0, sound.length).equals(sound)).toBe(true);
});

test('a map that is changed for ever stays small on the disk', async () => {
  await using folder = await logFolder();
  const log = await folder.open();
  const map = await log.openMap<string>('m');
  for (let i = 0; i < 40; i++) await map.put(Array.from({ length: 1000 }, (_, k) => [`key ${k % 10}`, `${i}`.repeat(40)]));
  expect((await stat(`${folder.path}/maps/m`)).size).toBeLessThan(1_300_000);
  await map.put([['last', 'one']]);
  await map.close();
  const again = await log.openMap<string>('m');
  expect([again.size, again.get('last'), again.get('key 3')]).toEqual([11, 'one', '39'.repeat(40)]);
  await again.close();
});
