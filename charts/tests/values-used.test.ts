// Every value is read by a template, and every value a template reads is there: what neither is, is a leftover or a misspelling.
import { globSync, readFileSync } from 'node:fs';
import { chartSchema } from '../../tools/charts/schema/chart-schema.ts';
import { type JsonSchema } from '../../tools/charts/schema/json-schema.ts';
import { chartNamed, chartsDir, serviceCharts } from '../../tools/charts/tree.ts';

const templatesOf = (...names: readonly string[]): string =>
  names
    .flatMap((name) =>
      globSync('templates/**/*.{tpl,yaml,txt}', { cwd: `${chartsDir}/${name}` }).map((path) => `${name}/${path}`),
    )
    .map((path) => readFileSync(`${chartsDir}/${path}`, 'utf8').replaceAll(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, ''))
    .join('\n');

/** What is taken as a whole, so that no template names what is in it. */
const takenWhole: Readonly<Record<string, string>> = {
  podSecurityContext: 'as a pod has it',
  securityContext: 'as a container has it',
  resources: 'as a container has it',
  behavior: 'as autoscaling/v2 has it',
  updateStrategy: 'as a Deployment has it',
  affinity: 'as a pod has it',
  probes: 'ranged over; what is not `kind` or `path` is as a probe has it',
  ports: 'ranged over by name',
  config: 'ranged over by name',
  keys: 'ranged over by name',
  shares: 'ranged over by name',
  writable: 'ranged over by name',
  routes: 'ranged over by name',
  open: 'ranged over by name',
  namespaceSelector: 'as a NetworkPolicy has it',
};

/** What Helm reads itself. */
const ofHelm = ['enabled', 'tmws-lib'];

function leaves(schema: JsonSchema, global: JsonSchema | undefined, path: readonly string[] = []): string[][] {
  const last = path.at(-1) ?? '';
  if (ofHelm.includes(path.join('.')) || last in takenWhole) return last in takenWhole ? [[...path]] : [];
  const properties = schema.$ref === undefined ? schema.properties : global?.properties;
  if (properties === undefined) return [[...path]];
  return Object.entries(properties).flatMap(([key, inner]) => leaves(inner, global, [...path, key]));
}

/** `name` after a dot, or as the text by which a map is asked. */
const names = (templates: string, name: string) => new RegExp(`\\.${name}\\b|"${name}"`).test(templates);

const unread = (schema: JsonSchema, templates: string): string[] =>
  leaves(schema, schema.definitions?.global)
    .filter((path) => !path.every((part) => names(templates, part)))
    .map((path) => path.join('.'));

test.each(serviceCharts().map((chart) => [chart.name, chart] as const))(
  'every value of %s is read by a template',
  (name, chart) => {
    expect(unread(chartSchema(chart), templatesOf('tmws-lib', name, 'tmws'))).toEqual([]);
  },
);

test('every value of the servers to try with is read by a template', () => {
  expect(unread(chartSchema(chartNamed('tmws-deps')), templatesOf('tmws-deps'))).toEqual([]);
});

test("every value of the umbrella's own is read by a template", () => {
  const { properties = {}, ...schema } = chartSchema(chartNamed('tmws'));
  const own = Object.entries(properties).filter(([key]) => !serviceCharts().some(({ name }) => name === key));
  expect(unread({ ...schema, properties: Object.fromEntries(own) }, templatesOf('tmws-lib', 'tmws'))).toEqual([]);
});

test('a value that no template reads is found', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: { image: { type: 'object', properties: { leftover: { type: 'string' } } } },
  };
  expect(unread(schema, templatesOf('tmws-lib'))).toEqual(['image.leftover']);
});

/** Whether values have that path; a map that is open has any. */
function has(schema: JsonSchema | undefined, global: JsonSchema | undefined, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (schema === undefined) return false;
  if (key === undefined) return true;
  const resolved = schema.$ref === undefined ? schema : global;
  if (resolved?.properties?.[key] !== undefined) return has(resolved.properties[key], global, rest);
  return resolved?.type !== 'object' || (resolved.additionalProperties !== undefined && resolved.additionalProperties !== false);
}

test('every value that a template reads is there', () => {
  const read = new Set([...templatesOf('tmws-lib').matchAll(/\.Values((?:\.\w+)+)/g)].map(([, chain = '']) => chain.slice(1)));
  expect(read.size).toBeGreaterThan(50);
  const services = serviceCharts().map((chart) => chartSchema(chart));
  const there = (schema: JsonSchema, chain: string) => has(schema, schema.definitions?.global, chain.split('.'));
  const umbrella = chartSchema(chartNamed('tmws'));
  const absent = [...read].filter((chain) => !there(umbrella, chain) && !services.every((schema) => there(schema, chain)));
  expect(absent).toEqual([]);
});
