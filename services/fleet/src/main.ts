// Stripping types is most of what loading costs, so what was stripped once is kept: everything else is imported after.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirOf } from '@tmws/settings';

enableCompileCache(join(cacheDirOf(process.env), 'compile'));

const { runProcess } = await import('@tmws/lifecycle');
const { addressesText } = await import('./addresses.ts');
const { startFleet } = await import('./app.ts');

await runProcess(async () => {
  const fleet = await startFleet(process.env);
  process.stdout.write(`${addressesText(fleet.addresses)}\n`);
  return fleet;
});
