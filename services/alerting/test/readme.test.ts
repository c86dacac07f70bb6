import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTable } from '@tmws/settings';
import { alertingSettings } from '../src/config.ts';

test('the README lists the settings as they are', () => {
  expect(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(settingsTable(alertingSettings));
});
