// Stripping types is most of what loading costs, so what was stripped once is kept: everything else is imported after.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirOf } from '@tmws/settings';
import manifest from '../package.json' with { type: 'json' };

enableCompileCache(join(cacheDirOf(process.env), 'compile'));

const { runVerb } = await import('@tmws/lifecycle/run');

await runVerb('fleet', {
  async serve() {
    const [{ addressesText }, { startFleet }] = await Promise.all([import('./addresses.ts'), import('./app.ts')]);
    const fleet = await startFleet(process.env, manifest.version);
    process.stdout.write(`${addressesText(fleet.addresses)}\n`);
    return fleet;
  },
});
