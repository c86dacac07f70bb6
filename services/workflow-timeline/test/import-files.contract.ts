// What both keepers of imported files do.
import type { ImportFiles, KeptFile } from '../src/import-ports.ts';

const file = (id: string, keptMs: number): KeptFile => ({
  id,
  namespace: 'team-a',
  name: 'run "ü".json',
  sha256: 'f86d',
  sizeBytes: 3_000_000,
  keptMs,
});
const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) % 251);

/** @param open  the files as a process that starts finds them; the same ones each time */
export function importFilesContract(open: () => Promise<ImportFiles>): void {
  test('what was kept is there for the next process, whole, with what is known of it', async () => {
    const bytes = content(2_500_000);
    await (await open()).keep(file('imp-a', 5), bytes);
    const read = await (await open()).read('imp-a');
    expect(read?.file).toEqual(file('imp-a', 5));
    expect(Buffer.compare(read!.content, bytes)).toBe(0);
  });

  test('what is kept already stays as it is', async () => {
    const files = await open();
    await files.keep(file('imp-b', 1), content(10));
    await files.keep(file('imp-b', 2), content(20));
    expect(await files.read('imp-b')).toMatchObject({ file: { keptMs: 1 } });
    expect((await files.read('imp-b'))!.content).toHaveLength(10);
  });

  test('files are listed oldest first; one that was dropped is gone, and may be dropped again', async () => {
    const files = await open();
    await files.keep(file('imp-d', 4), content(1));
    await files.keep(file('imp-c', 3), content(1));
    const listed = async () => (await files.list()).map(({ id }) => id);
    expect(await listed()).toEqual(['imp-b', 'imp-c', 'imp-d', 'imp-a']);
    await files.drop('imp-c');
    await files.drop('imp-c');
    expect(await listed()).toEqual(['imp-b', 'imp-d', 'imp-a']);
    expect(await files.read('imp-c')).toBeUndefined();
  });
}
