// The folder /app of an image: `main.mjs` and what it reads, which runs as well in any other place.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyAssets, copyPglite, packDatabaseTemplate } from './assets.ts';
import { bundleProgram } from './bundle.ts';
import { noticesOf } from './installed.ts';
import { hasEmbeddedStores } from './services.ts';

// Apart from the program, whose map is read when it is loaded.
const main = `import { setSourceMapsSupport } from 'node:module';

setSourceMapsSupport(true, { nodeModules: true });
await import('./program.mjs');
`;

/** Makes the folder anew. @param service  one of `imageNames()` */
export async function makeApp(service: string, app: string, version?: string): Promise<void> {
  const embedded = hasEmbeddedStores(service);
  const bundle = await bundleProgram(`services/${service}/src/main.ts`, {
    embedded,
    ...(version !== undefined && { version }),
  });
  await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });
  await writeFile(join(app, 'main.mjs'), main);
  for (const { name, code, map } of bundle.files) {
    await writeFile(join(app, name), code);
    await writeFile(join(app, `${name}.map`), map);
  }
  await writeFile(join(app, 'THIRD_PARTY_NOTICES'), noticesOf(bundle.modules));
  await copyAssets(bundle, app);
  if (!embedded) return;
  await copyPglite(app);
  await packDatabaseTemplate(app);
}
