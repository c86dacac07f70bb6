// What a bundle reads at run time and esbuild does not see, put where the bundle's modules look for it.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packFolder } from '../../libs/postgres/src/embedded/packed-folder.ts';
import { makeTemplate } from '../../libs/postgres/src/embedded/template.ts';
import { buildConsole } from '../../services/console/build.ts';
import type { Bundle } from './bundle.ts';
import { workspace } from './services.ts';

/** Copies migrations, files that modules name and the console into the folder of the bundle. */
export async function copyAssets({ modules, named }: Bundle, app: string): Promise<void> {
  const packages = new Set(modules.flatMap((path) => /^(?:libs|services)\/[^/]+(?=\/)/.exec(path)?.[0] ?? []));
  const migrations = [...packages].map((dir) => `${dir}/migrations`).filter((dir) => existsSync(join(workspace, dir)));
  for (const path of [...named, ...migrations]) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    await cp(join(workspace, path), join(app, path), { recursive: true });
  }
  if (modules.includes('services/console/build.ts')) await buildConsole({ outDir: join(app, 'services/console/dist') });
}

/** Of PGlite: the entry of either kind of module, the programs and the empty database; no extensions, types or maps. */
const pgliteFile = /^(index\.(js|cjs)|(chunk-\w+|initdb|fs\/(base|nodefs))\.js|(initdb|pglite)\.wasm|pglite\.data)$/;

/** A new database of it takes seconds to make: the image has one packed. */
export async function packDatabaseTemplate(app: string): Promise<void> {
  const template = join(await mkdtemp(join(tmpdir(), 'tmws-template-')), 'template');
  try {
    await makeTemplate(template);
    await packFolder(template, join(app, 'libs/postgres/template.zst'));
  } finally {
    await rm(dirname(template), { recursive: true });
  }
}

/** The embedded Postgres, as the package it is: it reads its programs beside itself. */
export async function copyPglite(app: string): Promise<void> {
  const entry = createRequire(join(workspace, 'libs/postgres/src/')).resolve('@electric-sql/pglite');
  const from = join(dirname(entry), '..');
  const to = join(app, 'node_modules/@electric-sql/pglite');
  const dist = (await readdir(join(from, 'dist'), { recursive: true })).filter((file) => pgliteFile.test(file));
  for (const file of ['package.json', 'LICENSE', ...dist.map((name) => `dist/${name}`)]) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    if (existsSync(join(from, file))) await cp(join(from, file), join(to, file));
  }
}
