// Charts and code say the same: every setting a chart gives exists, every port it opens is opened.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { hostSettings } from '../../libs/lifecycle/src/index.ts';
import { type Setting } from '../../libs/settings/src/index.ts';
import { ofKind } from '../../tools/charts/manifest.ts';
import { chartsDir, serviceCharts } from '../../tools/charts/tree.ts';
import { umbrella } from './rendered.ts';

type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The settings table of a service. */
async function settingsOf(service: string): Promise<Setting<unknown>[]> {
  const module = (await import(join(chartsDir, '../services', service, 'src/config.ts'))) as Record<string, Settings>;
  const own = Object.entries(module).find(([name]) => name.endsWith('Settings'))?.[1];
  if (own === undefined) throw new Error(`services/${service}/src/config.ts exports no …Settings`);
  return [...Object.values(hostSettings as Settings), ...Object.values(own)];
}

/** Not ours: Node's own. */
const ofNode = ['NODE_OPTIONS'];
const everyName = ['default', 'external-db', 'observability', 'ha', 'minimal', 'keda', 'mesh-istio'];

test.each(serviceCharts().map(({ name }) => name))('%s gets settings it has, with values it takes', async (service) => {
  const settings = await settingsOf(service);
  for (const name of everyName) {
    const deployment = ofKind(await umbrella(name), 'Deployment').find(({ metadata }) => metadata.name === `tmws-${service}`);
    for (const { name: env, value } of deployment?.spec.template.spec.containers[0]?.env ?? []) {
      if (ofNode.includes(env)) continue;
      const file = settings.find((setting) => setting.secret && `${setting.env}_FILE` === env);
      const setting = settings.find((other) => other.env === env) ?? file;
      expect([env, setting !== undefined]).toEqual([env, true]);
      if (value !== undefined && file === undefined)
        expect([env, value, setting?.parse(value) !== undefined]).toEqual([env, value, true]);
    }
  }
});

test.each(serviceCharts().map(({ name }) => name))('settings that values of %s speak of are settings it has', async (service) => {
  const known = new Set((await settingsOf(service)).map(({ env }) => env));
  const texts = globSync('{values.yaml,ci/*.yaml}', { cwd: join(chartsDir, service) }).map((path) =>
    readFileSync(join(chartsDir, service, path), 'utf8'),
  );
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:TMWS|ALERTING|GATEWAY|TIMELINE)_[A-Z_]+[A-Z]\b/g)].map(([name]) => name),
  );
  expect(named.filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')))).toEqual([]);
});

test('every secret of a service can come from a Secret', async () => {
  for (const { name, dir } of serviceCharts()) {
    const host = new Set(Object.values(hostSettings as Settings).map(({ env }) => env));
    const secrets = (await settingsOf(name)).filter(({ env, secret }) => secret && !host.has(env)).map(({ env }) => env);
    const { secrets: given } = parse(readFileSync(join(dir, 'values.yaml'), 'utf8')) as {
      secrets?: { keys?: Record<string, string> };
    };
    expect([name, Object.keys(given?.keys ?? {}).toSorted()]).toEqual([name, secrets.toSorted()]);
  }
});

/** `otlp-grpc` is of TMWS_OTLP_GRPC_PORT. */
const portSetting = (name: string) =>
  Object.values(hostSettings as Settings).find(({ env }) => env === `TMWS_${name.toUpperCase().replaceAll('-', '_')}_PORT`);

test('every port of a service is the default of its setting, and one that service opens', async () => {
  for (const { metadata, spec } of ofKind(await umbrella('default'), 'Deployment')) {
    const service = metadata.name.replace(/^tmws-/, '');
    for (const { name = '', containerPort } of spec.template.spec.containers[0]?.ports ?? []) {
      const setting = portSetting(name);
      expect([service, name, setting?.defaultText]).toEqual([service, name, String(containerPort)]);
      const [, opener] = /opened by ([\w-]+)/.exec(setting?.meaning ?? '') ?? [];
      expect([service, name, opener ?? service]).toEqual([service, name, service]);
    }
  }
});

test('every service there is has a chart, and is a part of the umbrella', () => {
  const beside = ['fleet', 'cli', 'console'];
  const services = globSync('*/src/main.ts', { cwd: join(chartsDir, '../services') })
    .map((path) => path.split('/')[0] ?? '')
    .filter((name) => !beside.includes(name));
  expect(
    serviceCharts()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(services.toSorted());
});
