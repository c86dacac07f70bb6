import { type JsonSchema } from './json-schema.ts';

/**
 * The schema of defaults that are laid over others, as Helm lays a chart's values over those it imports.
 *
 * What both have is of the type the lower one says, with the upper one's default and description. A map the lower one leaves open
 * is closed by the upper one's keys, unless an annotation said what else it takes.
 */
export function mergeSchemas(lower: JsonSchema, upper: JsonSchema): JsonSchema {
  const { type, properties, additionalProperties, items, ...words } = upper;
  const result: JsonSchema = { ...lower, ...words };
  const wanted = lower.type ?? type;
  if (wanted !== undefined) result.type = wanted;
  if (lower.items === undefined && items !== undefined) result.items = items;
  if (properties === undefined) return result;
  result.properties = { ...lower.properties };
  for (const [name, schema] of Object.entries(properties)) {
    const below = lower.properties?.[name];
    result.properties[name] = below === undefined ? schema : mergeSchemas(below, schema);
  }
  const others = lower.additionalProperties ?? additionalProperties;
  if (others !== undefined) result.additionalProperties = others;
  return result;
}
