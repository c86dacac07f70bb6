// Kept files in a folder beside the embedded database, which never calls fsync. A file is what `zstd -d` reads: first a
// skippable frame (RFC 8878, 3.1.2) that holds what is known of it as JSON, then the content.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { ImportFiles, KeptFile } from '../import-ports.ts';

const suffix = '.zst';
const skippable = 0x184d2a50;
const headBytes = 8;

/** @param dir  made when missing; what was half written when a process ended is thrown away */
export async function openImportFolder(dir: string, logger: Logger): Promise<ImportFiles> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const name of await readdir(dir)) if (name.endsWith('.new')) await rm(join(dir, name), { force: true });
  const pathOf = (id: string): string => join(dir, `${id}${suffix}`);

  return {
    keep: (file, content) =>
      onDisk(async () => {
        if (await exists(pathOf(file.id))) return;
        const half = join(dir, `${randomUUID()}.new`);
        try {
          const handle = await open(half, 'wx', 0o600);
          try {
            await handle.writev([frameOf(file), content]);
            await handle.sync();
          } finally {
            await handle.close();
          }
          await rename(half, pathOf(file.id));
          await syncFolder(dir);
        } catch (error) {
          await rm(half, { force: true }).catch(() => undefined);
          throw error;
        }
      }),

    list: () =>
      onDisk(async () => {
        const files: KeptFile[] = [];
        for (const name of (await readdir(dir)).filter((each) => each.endsWith(suffix))) {
          const file = await aboutOf(join(dir, name));
          if (file === undefined) logger.error({ file: name }, 'a kept import cannot be read; it is left as it is');
          else files.push(file);
        }
        return files.toSorted((a, b) => a.keptMs - b.keptMs);
      }),

    read: (id) =>
      onDisk(async () => {
        if (!(await exists(pathOf(id)))) return undefined;
        const bytes = await readFile(pathOf(id));
        const length = bytes.readUInt32LE(4);
        const file = JSON.parse(bytes.toString('utf8', headBytes, headBytes + length)) as KeptFile;
        return { file, content: Uint8Array.from(bytes.subarray(headBytes + length)) };
      }),

    drop: (id) => onDisk(() => rm(pathOf(id), { force: true })),
  };
}

function frameOf(file: KeptFile): Buffer {
  const about = Buffer.from(JSON.stringify(file));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(skippable, 0);
  head.writeUInt32LE(about.length, 4);
  return Buffer.concat([head, about]);
}

async function aboutOf(path: string): Promise<KeptFile | undefined> {
  const handle = await open(path);
  try {
    const head = Buffer.alloc(headBytes);
    await handle.read(head, 0, headBytes, 0);
    if (head.readUInt32LE(0) !== skippable) return undefined;
    const about = Buffer.alloc(Math.min(head.readUInt32LE(4), 65_536));
    await handle.read(about, 0, about.length, headBytes);
    return JSON.parse(about.toString('utf8')) as KeptFile;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const full = new Set(['ENOSPC', 'EDQUOT']);

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code !== undefined && full.has(code) ? 'the disk is full' : 'the disk failed';
    throw new Problem('unavailable', `the file cannot be kept at the moment: ${why}`, { cause: error, retryAfterMs: 5000 });
  }
}
