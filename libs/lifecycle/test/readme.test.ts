import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTable } from '@tmws/settings';
import { hostSettings } from '@tmws/lifecycle';

test('the README lists the settings of every process as they are', () => {
  expect(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(settingsTable(hostSettings));
});
