// Writes the examples of the API anew: `pnpm record-examples`. The scenario `examples` holds the API to them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { startOneProcess } from '../fleet.ts';
import { playExamples } from './play.ts';

const file = join(import.meta.dirname, '../../../services/gateway/src/inbound/examples/recorded.json');

await using dir = await tempDir('e2e-examples');
const fleet = await startOneProcess(dir.path);
try {
  const recorded = await playExamples(fleet);
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${recorded.length} calls recorded`);
} finally {
  await fleet.stop();
}
