import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTable } from '@tmws/settings';
import { gatewaySettings, loadConfig } from '../src/app.ts';

test('the README has the table of settings', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const rows = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+`/.test(line))
      .map((line) => line.replace(/\s+/g, ' '));
  expect(rows(readme)).toEqual(rows(settingsTable(gatewaySettings)));
});

test('wrong settings are told together', () => {
  expect(() => loadConfig({ GATEWAY_TIMELINE_ADDRESS: 'nowhere', GATEWAY_DEMO: 'yes' })).toThrow(
    '2 settings of gateway are wrong: GATEWAY_TIMELINE_ADDRESS must be host:port, or dns:///name:port for several replicas (got "nowhere"); ' +
      'GATEWAY_DEMO must be one of on, off (got "yes")',
  );
});
