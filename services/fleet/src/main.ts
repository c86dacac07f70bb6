import { runProcess } from '@tmws/lifecycle';
import { addressesText } from './addresses.ts';
import { startFleet } from './app.ts';

await runProcess(async () => {
  const fleet = await startFleet(process.env);
  process.stdout.write(`${addressesText(fleet.addresses)}\n`);
  return fleet;
});
