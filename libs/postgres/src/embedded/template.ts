import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unpackFolder } from './packed-folder.ts';
import { startWorker } from './worker-client.ts';

/** Made ahead for an image, whose cache is empty whenever it starts. */
const packedTemplate = join(import.meta.dirname, '../../template.zst');

/** Fills `dataDir` with a new, empty database. The first time on a machine makes a template (seconds); later ones copy it. */
export async function copyTemplate(cacheDir: string, dataDir: string): Promise<void> {
  const template = await templateIn(cacheDir);
  const packed = existsSync(packedTemplate);
  if (!packed && !existsSync(template)) await makeTemplate(template);
  await mkdir(dirname(dataDir), { recursive: true });
  const half = `${dataDir}.new`;
  await rm(half, { recursive: true, force: true });
  if (packed) await unpackFolder(packedTemplate, half);
  // A thousand small files: one by one this takes ten times as long, and as much of the processor.
  else cpSync(template, half, { recursive: true });
  await rm(dataDir, { recursive: true, force: true });
  await rename(half, dataDir);
}

/** Removes a template that does not open. */
export async function dropTemplate(cacheDir: string): Promise<void> {
  await rm(await templateIn(cacheDir), { recursive: true, force: true });
}

/**
 * Makes a template in the folder `template`.
 *
 * Several may do it at once: the rename decides, and the losers' work is thrown away.
 */
export async function makeTemplate(template: string): Promise<void> {
  const half = `${template}.${randomUUID()}.new`;
  await mkdir(dirname(template), { recursive: true });
  try {
    const worker = await startWorker(half);
    await worker.close();
    await rename(half, template);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

async function templateIn(cacheDir: string): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as { version: string };
  return join(cacheDir, `pglite-${version}`);
}
