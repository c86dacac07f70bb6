import { chmod, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflated = promisify(inflateRaw);
const endRecord = 0x06054b50;
const entryRecord = 0x02014b50;

/**
 * Unpacks those files of a zip that `wanted` says, with their permissions. For archives of packages, below 4 GiB and without a comment (APPNOTE 6.3).
 *
 * @throws when it is no such archive, or an entry would lie outside of `into`
 */
export async function unzip(archive: string, into: string, wanted: (path: string) => boolean): Promise<void> {
  await using file = await open(archive);
  const { size } = await file.stat();
  const part = async (at: number, length: number) => (await file.read(Buffer.alloc(length), 0, length, at)).buffer;
  const end = await part(size - 22, 22);
  if (end.readUInt32LE(0) !== endRecord) throw new Error(`${archive} is no zip without a comment`);
  const directory = await part(end.readUInt32LE(16), end.readUInt32LE(12));
  for (let at = 0; at < directory.length && directory.readUInt32LE(at) === entryRecord;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    if (!name.endsWith('/') && wanted(name)) {
      if (normalize(name).startsWith('..') || name.startsWith('/')) throw new Error(`${archive} has ${name}, outside of itself`);
      const offset = directory.readUInt32LE(at + 42);
      const local = await part(offset, 30);
      const body = await part(offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), directory.readUInt32LE(at + 20));
      const path = join(into, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, directory.readUInt16LE(at + 10) === 0 ? body : ((await inflated(body)) as Buffer));
      await chmod(path, (directory.readUInt32LE(at + 38) >>> 16) & 0o777 || 0o644);
    }
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}
