import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, tempDir } from '@tmws/testkit';
import { openDataFolder } from '../src/data-folder.ts';

test('a folder taken by a process is refused to another, and free again when that one is killed', async () => {
  await using dir = await tempDir('data-folder');
  const module = join(import.meta.dirname, '../src/data-folder.ts');
  const hold = `const { openDataFolder } = await import(${JSON.stringify(module)}); globalThis.held = openDataFolder(${JSON.stringify(dir.path)}); console.log('held'); setInterval(() => {}, 1000);`;
  await using holder = await startProcess(['--input-type=module', '-e', hold], { until: /^held$/ });
  expect(() => openDataFolder(dir.path)).toThrow(
    /is in use by another process; stop that one, or name another folder by TMWS_DATA_DIR/,
  );
  await holder.kill('SIGKILL');
  openDataFolder(dir.path).close();
});

test('a folder that a newer version wrote is not touched', async () => {
  await using dir = await tempDir('data-folder');
  openDataFolder(dir.path).close();
  writeFileSync(join(dir.path, 'layout.json'), '{"layout": 2}');
  expect(() => openDataFolder(dir.path)).toThrow(/was written by a newer version \(layout 2, this one knows 1\)/);
});

test('a folder that cannot be made is named with the reason', () => {
  expect(() => openDataFolder('/dev/null/such')).toThrow(
    /the data folder \/dev\/null\/such cannot be made: .*TMWS_DATA_DIR names another/,
  );
});
