import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartSchema, schemaText } from '../../tools/charts/schema/chart-schema.ts';
import { deriveSchema } from '../../tools/charts/schema/derive-schema.ts';
import { type JsonSchema } from '../../tools/charts/schema/json-schema.ts';
import { chartsWithSchema, schemaPath } from '../../tools/charts/schema/write-schemas.ts';
import { chartNamed, chartsDir, serviceCharts, valuesText } from '../../tools/charts/tree.ts';
import { helm, refusal, valuesFile } from './rendered.ts';

test.each(chartsWithSchema().map((chart) => [chart.name, chart] as const))(
  'values.schema.json of %s is what its values.yaml says; `npx -y pnpm@10 generate` writes it',
  (_, chart) => {
    expect(readFileSync(schemaPath(chart), 'utf8')).toBe(schemaText(chart));
  },
);

test('global values of the umbrella are those every service imports', () => {
  const umbrella = deriveSchema(valuesText(chartNamed('tmws')), 'tmws').properties?.global;
  const library = deriveSchema(valuesText(chartNamed('tmws-lib')), 'tmws-lib').properties?.exports?.properties?.service;
  expect(umbrella?.properties).toEqual(library?.properties?.global?.properties);
});

test("the umbrella's schema has that of every service below its name", () => {
  const umbrella = chartSchema(chartNamed('tmws')).properties ?? {};
  for (const chart of serviceCharts()) {
    expect(Object.keys(umbrella[chart.name]?.properties ?? {}).toSorted()).toEqual(
      Object.keys(chartSchema(chart).properties ?? {}).toSorted(),
    );
  }
});

/** Maps that take any key, and why. */
const openMaps: Readonly<Record<string, string>> = {
  annotations: 'texts of Kubernetes',
  podAnnotations: 'texts of Kubernetes',
  podLabels: 'texts of Kubernetes',
  labels: 'texts of Kubernetes',
  matchLabels: 'texts of Kubernetes',
  nodeSelector: 'texts of Kubernetes',
  nodeAffinity: 'as Kubernetes has it',
  podAffinity: 'as Kubernetes has it',
  podAntiAffinity: 'as Kubernetes has it',
  scaleUp: 'as autoscaling/v2 has it',
  scaleDown: 'as autoscaling/v2 has it',
  requests: 'resources by their name',
  limits: 'resources by their name',
  env: 'settings by their name',
  keys: 'settings by their name',
  shares: 'settings by their name',
  files: 'files by their name',
  config: 'groups of files by their name',
  open: 'ports by their name',
  ports: 'ports by their name',
  writable: 'folders by their name',
  'tmws-lib': 'no values: the library of templates',
};

const openIn = (schema: JsonSchema, path: readonly string[] = []): string[] => [
  ...(schema.type === 'object' && schema.additionalProperties !== false ? [path.at(-1) ?? ''] : []),
  ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => openIn(inner, [...path, key])),
];

test("maps that take any key are those whose keys are Kubernetes' or the user's", () => {
  const found = new Set(chartsWithSchema().flatMap((chart) => openIn(chartSchema(chart))));
  expect([...found].filter((name) => !(name in openMaps))).toEqual([]);
});

describe('a wrong value is refused by both majors of Helm, with its path', () => {
  const wrong: readonly (readonly [path: string, value: unknown, said: RegExp])[] = [
    ['gateway.replica', 3, /gateway.*replica'? (?:is )?not allowed/s],
    ['global.kafka.broker', 'a:9092', /global.*kafka.*broker'? (?:is )?not allowed/s],
    ['alerting.keda.lagTreshold', 5, /alerting.*keda.*lagTreshold'? (?:is )?not allowed/s],
    ['workflow-timeline.replicas', 'two', /workflow-timeline.replicas.*integer/s],
    ['gateway.autoscaling.enabled', 'yes', /gateway.autoscaling.enabled.*boolean/s],
    ['gatway.enabled', false, /gatway'? (?:is )?not allowed/s],
  ];
  test.each(wrong)('%s = %p', async (path, value, said) => {
    for (const major of [4, 3] as const) {
      const valuesFiles = [valuesFile('tmws', 'default')];
      expect(await refusal({ chart: 'tmws', helm: major, valuesFiles, set: { [path]: value } })).toMatch(said);
    }
  });
});

test('`helm lint` names a misspelt value too', async () => {
  const lint = helm(4, 'lint', join(chartsDir, 'tmws'), '-f', valuesFile('tmws', 'default'), '--set', 'gateway.replica=3');
  await expect(lint).rejects.toThrow(/'replica' not allowed/);
});
