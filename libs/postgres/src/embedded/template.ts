import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startWorker } from './worker-client.ts';

/** Fills `dataDir` with a new, empty database. The first time on a machine makes a template (seconds); later ones copy it. */
export async function copyTemplate(cacheDir: string, dataDir: string): Promise<void> {
  const template = await templateIn(cacheDir);
  if (!existsSync(template)) await makeTemplate(template);
  await mkdir(dirname(dataDir), { recursive: true });
  const half = `${dataDir}.new`;
  await rm(half, { recursive: true, force: true });
  // A thousand small files: one by one this takes ten times as long, and as much of the processor.
  cpSync(template, half, { recursive: true });
  await rm(dataDir, { recursive: true, force: true });
  await rename(half, dataDir);
}

/** Removes a template that does not open. */
export async function dropTemplate(cacheDir: string): Promise<void> {
  await rm(await templateIn(cacheDir), { recursive: true, force: true });
}

// Several may do it at once: the rename decides, and the losers' work is thrown away.
async function makeTemplate(template: string): Promise<void> {
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
