import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { ruleFiles, rulesOf } from '../../tools/monitoring/rule-files.ts';
import { fleetDashboard, monitoredServices, serviceDashboard } from '../../tools/monitoring/services.ts';
import { alertCases, type Series } from './alert-cases.ts';
import { promtool, umbrella } from './rendered.ts';

const files = ruleFiles();
const ask = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)(promtool(), args);
  return stdout + stderr;
};

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'rules-'))));
afterAll(() => rm(dir, { recursive: true }));

test('promtool takes every file of rules', async () => {
  expect(await ask('check', 'rules', ...files.map(({ path }) => path))).toContain('SUCCESS');
});

test('every question of a dashboard is PromQL', async () => {
  const dashboards = [fleetDashboard, ...monitoredServices().map(serviceDashboard)];
  const asked = dashboards.flatMap(({ uid, rows }) =>
    rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries).map((expr) => ({ uid, expr })))),
  );
  const rules = asked.map(({ expr }, index) => ({ record: `a:question:${index}`, expr: expr.replaceAll('$own', 'job="x"') }));
  const path = join(dir, 'dashboards.yaml');
  await writeFile(path, stringify({ groups: [{ name: 'dashboards', rules }] }));
  expect(await ask('check', 'rules', path)).toContain(`SUCCESS: ${asked.length} rules found`);
});

test('every alert has a case in which it fires and one in which it does not', () => {
  const alerts = files.flatMap((file) =>
    rulesOf(file).flatMap(({ alert }) => (alert === undefined ? [] : [`${file.service} ${alert}`])),
  );
  expect(alertCases.map(({ service, alert }) => `${service} ${alert}`).toSorted()).toEqual(alerts.toSorted());
});

/** Cases that need the same file of rules and last about as long go in one run. */
const runs = files.flatMap((file) =>
  [60, 5000].map((most) => {
    const own = new Set(rulesOf(file).map(({ alert }) => alert));
    const cases = alertCases.filter(({ service, alert, atMinutes = 60 }) => {
      return service === file.service && own.has(alert) && atMinutes <= 60 === (most === 60);
    });
    return [`${file.service}/${basename(file.path)}, ${most} minutes`, file.path, most === 60 ? '5m' : '30m', cases] as const;
  }),
);

test.each(runs.filter(([, , , cases]) => cases.length > 0))(
  'alerts of %s fire when they should and are quiet when they should',
  async (title, rules, every, cases) => {
    const path = join(dir, `${title.replaceAll(/\W+/g, '-')}.test.yaml`);
    const tests = cases.flatMap(({ service, alert, fires, quiet, atMinutes = 60 }) =>
      [fires, quiet].map((series) => ({
        name: `${alert} ${series === fires ? 'fires' : 'is quiet'}`,
        interval: '1m',
        input_series: inputOf(series, service),
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
            eval_time: `${atMinutes}m`,
            exp_samples: series === fires ? [{ labels: '{}', value: 1 }] : [],
          },
        ],
      })),
    );
    await writeFile(path, stringify({ rule_files: [rules], evaluation_interval: every, tests }));
    await expect(ask('test', 'rules', path)).resolves.toContain('SUCCESS');
  },
  120_000,
);

test('alerts of one release do not look at another', async () => {
  const objects = await umbrella('observability', { release: 'blue', namespace: 'ops' });
  const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
  expect(rules.length).toBe(files.length);
  for (const { spec } of rules) {
    for (const { expr } of rulesOf(spec as unknown as Parameters<typeof rulesOf>[0])) {
      const selectors = [...expr.matchAll(/[a-zA-Z_:][\w:]*\{[^}]*\}/g)].map(([selector]) => selector);
      expect(selectors.filter((selector) => !selector.includes('{namespace="ops",release="blue",job="tmws-'))).toEqual([]);
    }
  }
  const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
  expect(monitors.map(({ metadata }) => metadata.name).toSorted()).toEqual(monitoredServices().map(({ name }) => `blue-${name}`));
});

test('Grafana finds a dashboard of each service and of the fleet by its label', async () => {
  const objects = await umbrella('observability');
  const maps = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.grafana_dashboard === '1');
  expect(maps.length).toBe(monitoredServices().length + 1);
  for (const { data = {} } of maps) for (const text of Object.values(data)) expect(JSON.parse(text)).toHaveProperty('panels');
});

test('without the Prometheus operator there are no objects for it; dashboards need none', async () => {
  const kinds = (await umbrella('observability', { apis: [] })).map(({ kind }) => kind);
  expect(kinds).not.toContain('ServiceMonitor');
  expect(kinds).not.toContain('PrometheusRule');
  expect(kinds).toContain('ConfigMap');
  expect((await umbrella('default')).map(({ kind }) => kind)).not.toContain('ServiceMonitor');
});

function inputOf(series: Series, service: string): { series: string; values: string }[] {
  const own = `namespace="n",release="r",job="tmws-${service}"`;
  return Object.entries(series).map(([name, values]) => ({
    series: name.includes('{') ? name.replace('{', `{${own},`) : `${name}{${own}}`,
    values,
  }));
}
