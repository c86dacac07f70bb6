// Debian's amtool against our door, every subcommand as a user types it. `TMWS_TEST_AMTOOL` names the program.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, eventually, installPrometheus, tempDir, type TempDir } from '@tmws/testkit';
import { parseAlertmanagerConfig } from '../src/domain/config/alertmanager-config.ts';
import { quickConfig } from '../src/domain/quick-config.ts';
import { startAlerting } from './start-alerting.ts';

const config = `
global: { resolve_timeout: 3m }
route:
  receiver: default
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  routes:
    - { receiver: db, matchers: ['team="db"'], continue: true }
    - { receiver: web, matchers: ['team=~"web|db"'] }
receivers:
  - { name: default }
  - name: db
    slack_configs: [{ api_url: 'https://hooks.example.org/T0/B0/abc', channel: '#db' }]
  - name: web
    webhook_configs: [{ url: 'http://sink.example.org/topsecret' }]
`;
const ends = { timeout: 30_000 };

let alerting: Awaited<ReturnType<typeof startAlerting>>;
let program = '';
let dir: TempDir;

beforeAll(async () => {
  program = process.env.TMWS_TEST_AMTOOL ?? (await installPrometheus(cacheDir())).amtool;
  dir = await tempDir('amtool');
  alerting = await startAlerting({ config: () => config, databaseUrl: process.env.TMWS_TEST_DATABASE_URL });
}, 120_000);
afterAll(async () => {
  await alerting.stop();
  await dir.remove();
});

async function amtool(...words: string[]): Promise<string> {
  // A home of its own: amtool reads settings from there.
  const env = { PATH: process.env.PATH, HOME: dir.path, USER: 'ann' };
  const { stdout } = await promisify(execFile)(program, [`--alertmanager.url=${alerting.url}`, ...words], { ...ends, env });
  return stdout;
}

const names = (printed: string): unknown[] =>
  (JSON.parse(printed) as { labels: Record<string, string> }[]).map(({ labels }) => labels.alertname);

test('alerts are added and asked for', async () => {
  await amtool('alert', 'add', 'DbDown', 'team=db', 'severity=critical', '--annotation=summary=it is down');
  await amtool('alert', 'add', 'alertname=Gone', 'team=web', '--end=2020-01-01T00:00:00Z', '--start=2019-01-01T00:00:00Z');
  expect(await amtool('alert', 'query')).toMatch(/DbDown +.*it is down +active/);
  const [alert] = JSON.parse(await amtool('-o', 'json', 'alert', 'query', 'DbDown')) as Record<string, unknown>[];
  expect(alert).toMatchObject({
    labels: { alertname: 'DbDown', team: 'db', severity: 'critical' },
    annotations: { summary: 'it is down' },
    receivers: [{ name: 'db' }, { name: 'web' }],
    status: { state: 'active', silencedBy: [], inhibitedBy: [] },
  });
  expect(names(await amtool('-o', 'json', 'alert', 'query', 'team=~"d.*"'))).toEqual(['DbDown']);
  expect(names(await amtool('-o', 'json', 'alert', 'query', 'team!=db'))).toEqual([]);
  expect(names(await amtool('-o', 'json', 'alert', 'query', '--receiver=web'))).toEqual(['DbDown']);
  expect(names(await amtool('-o', 'json', 'alert', 'query', '--receiver=we'))).toEqual([]);
  expect(await amtool('-o', 'extended', 'alert')).toContain('severity="critical"');
  await expect(amtool('alert', 'query', '--receiver=(')).rejects.toThrow('missing closing )');
});

test('silences are made, asked for, changed, and ended', async () => {
  await amtool('alert', 'add', 'Slow', 'team=web');
  const id = (await amtool('silence', 'add', 'Slow', 'team=~"w.*"', '--comment=deploy', '--duration=2h', '--author=bob')).trim();
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(await amtool('silence', 'query')).toMatch(/Slow.*team=~"w\.\*".*bob +deploy/);
  expect((await amtool('silence', 'query', '-q', 'alertname=Slow')).trim()).toBe(id);
  expect(names(await amtool('-o', 'json', 'alert', 'query', 'Slow'))).toEqual([]);
  expect(names(await amtool('-o', 'json', 'alert', 'query', '--silenced', 'Slow'))).toEqual(['Slow']);
  const changed = JSON.parse(await amtool('-o', 'json', 'silence', 'update', id, '--duration=4h', '--comment=longer')) as {
    id: string;
    comment: string;
  }[];
  expect(changed).toMatchObject([{ id, comment: 'longer' }]);
  await amtool('silence', 'expire', id);
  expect(await amtool('silence', 'query', '-q')).toBe('');
  expect((await amtool('silence', 'query', '-q', '--expired')).trim()).toBe(id);
  expect(names(await amtool('-o', 'json', 'alert', 'query', 'Slow'))).toEqual(['Slow']);
});

test('silences of one Alertmanager are imported', async () => {
  const made = (await amtool('silence', 'add', 'Imported', '--comment=one')).trim();
  const exported = await amtool('-o', 'json', 'silence', 'query', 'alertname=Imported');
  const moved = (JSON.parse(exported) as Record<string, unknown>[]).map((silence) => ({ ...silence, comment: 'moved' }));
  const file = join(dir.path, 'silences.json');
  await writeFile(file, JSON.stringify(moved));
  await amtool('silence', 'import', '--force', file);
  const after = JSON.parse(await amtool('-o', 'json', 'silence', 'query', 'alertname=Imported')) as { comment: string }[];
  expect(after.map(({ comment }) => comment)).toContain('moved');
  await amtool('silence', 'expire', made);
});

test('the configuration is shown, without secrets, and its routes drawn and tried', async () => {
  const shown = await amtool('config', 'show');
  expect(shown).toContain('resolve_timeout: 3m');
  expect(shown).toContain('<secret>');
  expect(shown).not.toMatch(/hooks\.example\.org|topsecret/);
  const routes = await amtool('config', 'routes', 'show');
  expect(routes).toContain('{team="db"}  continue: true  receiver: db');
  expect(routes).toContain('{team=~"web|db"}  receiver: web');
  expect((await amtool('config', 'routes', 'test', 'team=db')).trim()).toBe('db,web');
  expect((await amtool('config', 'routes', 'test', 'team=x')).trim()).toBe('default');
  await expect(amtool('config', 'routes', 'test', '--verify.receivers=web', 'team=db')).rejects.toThrow('Command failed');
});

test('the cluster is shown as the one process it is', async () => {
  expect(await amtool('cluster', 'show')).toContain('disabled');
});

test('what amtool takes for a right file is right for us, what it refuses we refuse; templates are rendered', async () => {
  const [right, wrong] = [join(dir.path, 'right.yml'), join(dir.path, 'wrong.yml')];
  await writeFile(right, config);
  await writeFile(wrong, config.replace('receiver: web', 'receiver: nobody'));
  expect(await amtool('check-config', right)).toContain('SUCCESS');
  await expect(amtool('check-config', wrong)).rejects.toMatchObject({
    stdout: expect.stringContaining('undefined receiver "nobody"') as string,
  });
  expect(() => parseAlertmanagerConfig(config)).not.toThrow();
  expect(() => parseAlertmanagerConfig(config.replace('receiver: web', 'receiver: nobody'))).toThrow('nobody');
  const template = join(dir.path, 'own.tmpl');
  await writeFile(template, '{{ define "own" }}{{ .Status | toUpper }}{{ end }}');
  const rendered = await amtool('template', 'render', `--template.glob=${template}`, '--template.text={{ template "own" . }}');
  expect(rendered.trim()).toBe('ALERTSTATUS');
});

test.each(['smtp://localhost:2525', 'smtps://ann:pw@mail.example.org'])(
  'what the addresses alone make, %s among them, is shown as a file that amtool takes',
  async (smtpUrl) => {
    const quick = quickConfig({
      slackWebhookUrl: 'https://hooks.example.org/T0',
      siemUrl: 'https://siem.example.org/x',
      smtpUrl,
      emailTo: 'a@example.org',
    });
    const file = join(dir.path, 'quick.yml');
    await writeFile(file, parseAlertmanagerConfig(quick).original);
    const routes = await amtool('config', 'routes', 'show', `--config.file=${file}`);
    expect(routes).toContain('{tmws_source="auth"}  receiver: mail');
  },
);

test('an alert that amtool added without an end is resolved after resolve_timeout, unless it is added again', async () => {
  await amtool('alert', 'add', 'Timed');
  const [alert] = JSON.parse(await amtool('-o', 'json', 'alert', 'query', 'Timed')) as { endsAt: string; updatedAt: string }[];
  expect(Date.parse(alert?.endsAt ?? '') - Date.parse(alert?.updatedAt ?? '')).toBe(180_000);
  await eventually(async () => {
    await amtool('alert', 'add', 'Timed');
    const [again] = JSON.parse(await amtool('-o', 'json', 'alert', 'query', 'Timed')) as { endsAt: string }[];
    expect(Date.parse(again?.endsAt ?? '')).toBeGreaterThan(Date.parse(alert?.endsAt ?? ''));
  });
});
