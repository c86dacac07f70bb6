// `node tools/images/cli-package.ts OUT [VERSION]`: the `tmws` command as a package for npm in the folder OUT, made anew: one file of
// code that needs no other package and runs on Node 22 and above. Then `npm pack OUT`, or `npm publish OUT`.
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleCommand } from './bundle.ts';
import { noticesOf } from './installed.ts';
import { workspace } from './services.ts';

const [out, version = '0.0.0'] = process.argv.slice(2);
try {
  if (out === undefined) throw new Error('say where to: node tools/images/cli-package.ts OUT [VERSION]');
  if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version)) {
    throw new Error(`VERSION must be like 1.2.3 or 1.2.3-rc.1 (got ${JSON.stringify(version)})`);
  }
  await makePackage(resolve(out), version);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function makePackage(folder: string, version: string): Promise<void> {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'tmws.mjs'))) {
    throw new Error(`${folder} holds other things than a package of this program; name another folder or empty it`);
  }
  const { code, modules } = await bundleCommand('services/cli/src/main.ts', version);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tmws.mjs'), code);
  await chmod(join(folder, 'tmws.mjs'), 0o755);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifestOf(version), undefined, 2)}\n`);
  await writeFile(join(folder, 'README.md'), readmeOf(await readFile(join(workspace, 'services/cli/README.md'), 'utf8')));
  await writeFile(join(folder, 'THIRD_PARTY_NOTICES'), noticesOf(modules));
  await copyFile(join(workspace, 'LICENSE'), join(folder, 'LICENSE'));
}

function manifestOf(version: string): object {
  return {
    name: 'tmws',
    version,
    description: 'TMWS in a terminal: what ran, when, why it waited, what failed',
    license: 'Apache-2.0',
    type: 'module',
    bin: { tmws: 'tmws.mjs' },
    engines: { node: '>=22' },
    files: ['tmws.mjs', 'THIRD_PARTY_NOTICES'],
  };
}

/** The table of commands and what follows it, below how to install. */
function readmeOf(own: string): string {
  const table = own.indexOf('| Command |');
  const end = own.indexOf('\nReading order:');
  if (table < 0 || end < table) throw new Error('services/cli/README.md has no table of commands before its "Reading order:"');
  const intro = `# tmws

TMWS in a terminal: what ran, when, why it waited, what failed. It needs Node 22 or newer and speaks to a TMWS server.

    npm install --global tmws
    export TMWS_SERVER=https://tmws.example.com
    tmws run list
    tmws help

`;
  return `${intro}${own.slice(table, end).trimEnd()}\n`;
}
