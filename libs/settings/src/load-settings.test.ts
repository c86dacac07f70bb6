import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choice, duration, loadSettings, port, secret, settingsTable } from './index.ts';

const spec = {
  httpPort: port('TMWS_HTTP_PORT', 8080, 'where people come in'),
  groupWaitMs: duration('ALERTING_GROUP_WAIT', '30s', 'how long a new group waits', { min: '0s', max: '1h' }),
  level: choice('TMWS_LOG_LEVEL', ['info', 'warn'], 'info', 'lines below are not written'),
  databaseUrl: secret('TMWS_DATABASE_URL', 'the Postgres', { pattern: /^postgres(ql)?:\/\//, expects: 'a postgres:// address' }),
};

test('absent settings take their defaults, and units are in the value', () => {
  expect(loadSettings('alerting', spec, {})).toEqual({
    httpPort: 8080,
    groupWaitMs: 30_000,
    level: 'info',
    databaseUrl: undefined,
  });
});

test('all mistakes are told at once, and a secret is not printed', () => {
  const env = { TMWS_HTTP_PORT: '80800', ALERTING_GROUP_WAIT: '30', TMWS_DATABASE_URL: 'mysql://u:hunter2@db' };
  expect(() => loadSettings('alerting', spec, env)).toThrow(
    '3 settings of alerting are wrong: TMWS_HTTP_PORT must be a port from 0 to 65535 (got "80800"); ' +
      'ALERTING_GROUP_WAIT must be a duration from 0s to 1h, like "30s" (got "30"); TMWS_DATABASE_URL must be a postgres:// address',
  );
});

test('a secret may lie in a file, but not in both places', () => {
  const dir = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(dir, 'url');
  writeFileSync(file, 'postgres://u:p@db/x\n');
  try {
    expect(loadSettings('a', spec, { TMWS_DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://u:p@db/x');
    const both = { TMWS_DATABASE_URL_FILE: file, TMWS_DATABASE_URL: 'postgres://x' };
    expect(() => loadSettings('a', spec, both)).toThrow('TMWS_DATABASE_URL and TMWS_DATABASE_URL_FILE are both set; keep one');
    expect(() => loadSettings('a', spec, { TMWS_DATABASE_URL_FILE: join(dir, 'gone') })).toThrow('cannot be read (ENOENT)');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the table for a README names every setting with its default', () => {
  expect(settingsTable(spec).split('\n')[2]).toBe('| `TMWS_HTTP_PORT` | `8080` | where people come in |');
  expect(settingsTable(spec)).toContain('| `TMWS_DATABASE_URL` (or `TMWS_DATABASE_URL_FILE`) | none | the Postgres |');
});
