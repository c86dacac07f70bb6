import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../mesh/call-graph.ts';
import { monitoringFiles } from './generate.ts';
import { bareMetricsIn, metricsIn, registeredMetrics } from './registered-metrics.ts';
import { ruleFiles, rulesOf } from './rule-files.ts';
import { monitoredServices } from './services.ts';

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

interface Grafana {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly GrafanaPanel[];
}

const files = ruleFiles();
const alerts = files.flatMap((file) =>
  rulesOf(file)
    .filter(({ alert }) => alert !== undefined)
    .map((rule) => ({ service: file.service, ...rule })),
);
const dashboards = globSync('charts/*/dashboards/*.json', { cwd: root })
  .toSorted()
  .map((path) => [path, JSON.parse(readFileSync(join(root, path), 'utf8')) as Grafana] as const);
const recorded = files.flatMap((file) => rulesOf(file).flatMap(({ record }) => record ?? []));
const known = new Set([...registeredMetrics(), ...recorded]);

/** As the heading of a Markdown document is linked to. */
const anchors = new Set(
  [...readFileSync(join(root, 'docs/runbook.md'), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  ),
);

test.each([...monitoringFiles()])(
  '%s is what the descriptions say; `node tools/monitoring/generate.ts` writes it',
  (path, text) => {
    expect(existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);

test('every service that runs by itself has rules and a dashboard', () => {
  const services = monitoredServices().map(({ name }) => name);
  expect(services).toEqual(expect.arrayContaining(['alerting', 'gateway', 'workflow-timeline']));
  expect([...new Set(files.map(({ service }) => service))]).toEqual(services);
});

test.each(
  files.flatMap((file) => rulesOf(file).map((rule) => [rule.alert ?? rule.record ?? '', file.service, rule.expr] as const)),
)('%s of %s asks for metrics the code registers, of its own job only', (_, service, expr) => {
  expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([]);
  expect(bareMetricsIn(expr)).toEqual([]);
  const selectors = [...expr.matchAll(/[a-zA-Z_:][\w:]*\{[^}]*\}/g)].map(([selector]) => selector);
  expect(selectors.filter((selector) => !selector.includes(`{job="tmws-${service}"`))).toEqual([]);
  expect(selectors.length).toBeGreaterThan(0);
});

test('a metric that nothing registers is found, with and without matchers', () => {
  expect(metricsIn('sum(rate(tmws_no_such_total{job="a"}[5m]))').filter((name) => !known.has(name))).toEqual([
    'tmws_no_such_total',
  ]);
  expect(bareMetricsIn('sum(rate(tmws_no_such_total[5m]))')).toEqual(['tmws_no_such_total']);
});

test.each(alerts.map((alert) => [alert.alert, alert.service, alert] as const))(
  '%s of %s says how grave it is, what is wrong, and where to read what to do',
  (_, __, { labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\w{3}/);
    expect(annotations?.description).toMatch(/\.$/);
    const [document, anchor] = (annotations?.runbook_url ?? '').split('#');
    expect(document).toBe('docs/runbook.md');
    expect(anchors).toContain(anchor);
  },
);

test('an alert has its name once in a service', () => {
  const names = alerts.map(({ alert, service }) => `${service} ${alert}`);
  expect(names.length).toBe(new Set(names).size);
});

describe.each(dashboards)('%s', (_, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('asks for metrics the code registers, of the releases that were chosen', () => {
    for (const { expr } of panels.flatMap(({ targets = [] }) => targets)) {
      expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([]);
      expect(bareMetricsIn(expr)).toEqual([]);
      expect(expr).not.toContain('$own');
      expect(expr.match(/namespace=~"\$namespace",release=~"\$release",job=/g)?.length).toBe(metricsIn(expr).length);
    }
  });

  test('says of every panel what it shows and in which unit, from the data source that was chosen', () => {
    for (const { title, description, fieldConfig, datasource, targets = [] } of panels) {
      expect(title).not.toBe('');
      expect(description).toMatch(/\.$/);
      expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
      expect(targets.length).toBeGreaterThan(0);
      expect([datasource, ...targets.map((target) => target.datasource)].every((each) => each?.uid === '${datasource}')).toBe(
        true,
      );
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
    expect(dashboard.templating.list).toContainEqual(expect.objectContaining({ name: 'datasource', type: 'datasource' }));
  });

  test('has panels that do not cover each other, each with an id of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (__, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

test('dashboards have addresses and titles of their own', () => {
  for (const key of ['uid', 'title'] as const) {
    expect(new Set(dashboards.map(([, dashboard]) => dashboard[key])).size).toBe(dashboards.length);
  }
  expect(dashboards.length).toBe(monitoredServices().length + 1);
});
