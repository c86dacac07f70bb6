// `node tools/images/root.ts SERVICE OUT [VERSION]`: the whole root filesystem of a service's image in the folder OUT, which is made
// anew. VERSION is what the program says it is; 0.0.0 if absent.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeApp } from './app.ts';
import { makeRuntime } from './runtime.ts';
import { assertImageName } from './services.ts';

const [service, out, version] = process.argv.slice(2);
try {
  assertImageName(service);
  if (out === undefined) throw new Error('say where to: node tools/images/root.ts SERVICE OUT [VERSION]');
  await makeRoot(service, resolve(out));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function makeRoot(name: string, folder: string): Promise<void> {
  // It is emptied: what was not made by this program is not for it to remove.
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'app/main.mjs'))) {
    throw new Error(`${folder} holds other things than a root filesystem of this program; name another folder or empty it`);
  }
  rmSync(folder, { recursive: true, force: true });
  makeRuntime(folder);
  await makeApp(name, join(folder, 'app'), version);
}
