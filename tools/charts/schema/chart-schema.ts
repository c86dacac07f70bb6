import { chartNamed, type Chart, valuesText } from '../tree.ts';
import { deriveSchema } from './derive-schema.ts';
import { type JsonSchema } from './json-schema.ts';
import { mergeSchemas } from './merge-schemas.ts';

const anyObject: JsonSchema = { type: 'object' };
const globalRef: JsonSchema = { $ref: '#/definitions/global' };

/**
 * The schema of a chart's values, from its values.yaml and those of its parts.
 *
 * `global` is that of the umbrella in every part of it: Helm hands it to each. A part may be switched off by `enabled`, whether it says so or not.
 *
 * @throws Error when a chart sets a value its part does not have
 */
export function chartSchema(chart: Chart): JsonSchema {
  const global = globalOf(chart);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Values of ${chart.name}`,
    ...ownSchema(chart),
    ...(global === undefined ? {} : { definitions: { global } }),
  };
}

export const schemaText = (chart: Chart): string => `${JSON.stringify(chartSchema(chart), null, 2)}\n`;

function ownSchema(chart: Chart): JsonSchema {
  const schema = effectiveSchema(chart);
  const properties = { ...schema.properties };
  if (!isPart(chart)) return { ...schema, properties: withParts(chart, properties) };
  return { ...schema, properties: withParts(chart, { enabled: { type: 'boolean' }, ...properties, global: globalRef }) };
}

/** Of the chart's own values over those it imports from its dependencies. */
function effectiveSchema(chart: Chart): JsonSchema {
  const own = deriveSchema(valuesText(chart), whereOf(chart));
  const imported = chart.dependencies.flatMap(({ chart: name, imports }) => {
    const from = chartNamed(name);
    const exported = deriveSchema(valuesText(from), whereOf(from)).properties?.exports?.properties ?? {};
    return imports.map((part) => {
      const schema = exported[part];
      if (schema === undefined) throw new Error(`charts/${chart.name}/Chart.yaml imports ${part}, which ${name} does not export`);
      return schema;
    });
  });
  return [...imported, own].reduce(mergeSchemas);
}

const whereOf = (chart: Chart) => `charts/${chart.name}/values.yaml`;

function withParts(chart: Chart, properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const result = { ...properties };
  if (chart.name === umbrella && result.global !== undefined) result.global = globalRef;
  for (const { key, chart: name } of chart.dependencies) {
    const part = chartNamed(name);
    if (part.library) {
      result[key] = anyObject;
      continue;
    }
    const schema = ownSchema(part);
    const given = result[key];
    refuseUnknown(given, schema, [key], whereOf(chart));
    result[key] = mergeSchemas(schema, given ?? {});
  }
  return result;
}

const umbrella = 'tmws';
const isPart = (chart: Chart) => chartNamed(umbrella).dependencies.some((dependency) => dependency.chart === chart.name);

function globalOf(chart: Chart): JsonSchema | undefined {
  if (chart.name !== umbrella && !isPart(chart)) return undefined;
  return effectiveSchema(chart).properties?.global ?? anyObject;
}

/** What the umbrella sets in a part must be a value of that part, however deep. */
function refuseUnknown(given: JsonSchema | undefined, part: JsonSchema, path: readonly string[], where: string): void {
  if (given?.properties === undefined || part.properties === undefined) return;
  for (const [name, inner] of Object.entries(given.properties)) {
    const there = part.properties[name];
    if (there === undefined && part.additionalProperties === false) {
      throw new Error(`${where} sets ${[...path, name].join('.')}, which charts/${path[0] ?? ''}/values.yaml does not have`);
    }
    if (there !== undefined) refuseUnknown(inner, there, [...path, name], where);
  }
}
