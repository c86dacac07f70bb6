import { isMap, isScalar, isSeq, type Node, parse, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { type JsonSchema } from './json-schema.ts';
import { knownShapes } from './known-shapes.ts';

/**
 * The schema of values by their defaults and comments, closed: a map takes the keys it has.
 *
 * - A key's type is that of its default; its description the comment's last paragraph above it, or the one behind it.
 * - `# @schema {…}` in that comment (JSON Schema as YAML) is laid over what the default says.
 * - Shapes that Kubernetes gives (`resources`, `tolerations`, …) are known by name.
 * - A map or a list that is empty takes anything unless the annotation says what.
 *
 * @param where  how the values are called in a message
 * @throws Error that names the path of a `null` nothing says the type of, or an annotation that cannot be read
 */
export function deriveSchema(text: string, where: string): JsonSchema {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) throw new Error(`${where}: ${broken.message}`);
  if (document.contents === null) return { type: 'object', additionalProperties: false, properties: {} };
  if (!isMap(document.contents)) throw new Error(`${where} is no map of values`);
  return schemaOfMap(document.contents, [], where);
}

function schemaOfMap(map: YAMLMap<Node, Node | null>, path: readonly string[], where: string): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [index, pair] of map.items.entries()) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    // The comment above the first key of a map is the map's own to the parser.
    const above = pair.key.commentBefore ?? (index === 0 && path.length > 0 ? map.commentBefore : undefined);
    properties[key] = schemaOfPair(key, pair, above ?? undefined, [...path, key], where);
  }
  return { type: 'object', additionalProperties: false, properties };
}

function schemaOfPair(
  key: string,
  { value }: Pair<Node, Node | null>,
  above: string | undefined,
  path: readonly string[],
  where: string,
): JsonSchema {
  const { description, annotation } = wordsOf(above, isMap(value) || isSeq(value) ? undefined : value?.comment, path, where);
  const given = schemaOfNode(key, value, path, where, annotation);
  return { ...(description === '' ? {} : { description }), ...given, ...annotation };
}

function schemaOfNode(
  key: string,
  node: Node | null,
  path: readonly string[],
  where: string,
  annotation: JsonSchema,
): JsonSchema {
  const named = knownShapes[key];
  const known = named !== undefined && fits(named, node) ? named : undefined;
  if (known !== undefined && !isFilledScalar(node)) return known;
  if (isMap(node)) {
    const map = node as YAMLMap<Node, Node | null>;
    return map.items.length === 0 ? { type: 'object' } : schemaOfMap(map, path, where);
  }
  if (isSeq(node)) return { type: 'array', ...itemsOf(node.items as Node[], path, where) };
  const value = isScalar(node) ? node.value : null;
  if (value === null) {
    if (annotation.type !== undefined || annotation.enum !== undefined) return {};
    throw new Error(
      `${where}: ${path.join('.')} is null, which has no type; say it above with \`# @schema {type: [string, "null"]}\``,
    );
  }
  const type = Number.isInteger(value) ? 'integer' : typeof value;
  return { ...known, type: (known?.type ?? type) as 'string', default: value };
}

/** Whether a default may be of that shape: other things have such names too. */
function fits({ type }: JsonSchema, node: Node | null): boolean {
  if (type === 'object') return !isSeq(node) && !isFilledScalar(node);
  if (type === 'array') return !isMap(node) && !isFilledScalar(node);
  return !isMap(node) && !isSeq(node);
}

const isFilledScalar = (node: Node | null) => isScalar(node) && node.value !== null;

/** All items of a default together say what an item may be. */
function itemsOf(items: readonly Node[], path: readonly string[], where: string): { items?: JsonSchema } {
  if (items.length === 0) return {};
  const shapes = items.map((item) => schemaOfNode('', item, [...path, '[]'], where, {}));
  if (!shapes.every((shape) => shape.type === shapes[0]?.type)) return {};
  const first = { ...shapes[0] };
  delete first.default;
  if (first.type !== 'object') return { items: first };
  return { items: { ...first, properties: Object.assign({}, ...shapes.map((shape) => shape.properties ?? {})) as never } };
}

function wordsOf(above: string | undefined, behind: string | null | undefined, path: readonly string[], where: string) {
  const lines = (above ?? '')
    .split(/\n\s*\n/)
    .at(-1)!
    .split('\n')
    .concat(behind ?? [])
    .map((line) => line.replace(/^\s*#*\s*(?:-- )?/, '').trim());
  const annotation: JsonSchema = {};
  for (const line of lines.filter((text) => text.startsWith('@schema'))) {
    const given: unknown = parse(line.slice('@schema'.length).replace(/^:/, ''));
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new Error(`${where}: the annotation of ${path.join('.')} is no map: ${line}`);
    }
    Object.assign(annotation, given);
  }
  const description = lines
    .filter((text) => text !== '' && !text.startsWith('@'))
    .join(' ')
    .trim();
  return { description, annotation };
}
