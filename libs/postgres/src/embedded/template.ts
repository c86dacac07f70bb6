import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startWorker } from './worker-client.ts';

/** Fills `dataDir` with a new, empty database. The first time on a machine makes a template (seconds); later ones copy it. */
export async function copyTemplate(cacheDir: string, dataDir: string): Promise<void> {
  const template = join(cacheDir, `pglite-${await pgliteVersion()}`);
  if (!existsSync(template)) await makeTemplate(template);
  await mkdir(dirname(dataDir), { recursive: true });
  const half = `${dataDir}.new`;
  await rm(half, { recursive: true, force: true });
  await cp(template, half, { recursive: true });
  await rm(dataDir, { recursive: true, force: true });
  await rename(half, dataDir);
}

// Two processes may do it at once: the rename decides, and the loser's work is thrown away.
async function makeTemplate(template: string): Promise<void> {
  const half = `${template}.${process.pid}.new`;
  await mkdir(dirname(template), { recursive: true });
  await rm(half, { recursive: true, force: true });
  const worker = await startWorker(half);
  await worker.close();
  await rename(half, template).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  });
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}
