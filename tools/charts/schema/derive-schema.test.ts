import { deriveSchema } from './derive-schema.ts';
import { mergeSchemas } from './merge-schemas.ts';

const derive = (text: string) => deriveSchema(text, 'charts/x/values.yaml');
const of = (text: string) => derive(text).properties;

test('a value has the type of its default and the words above it', () => {
  expect(of('# Pods of it\nreplicas: 2\n')).toEqual({ replicas: { description: 'Pods of it', type: 'integer', default: 2 } });
});

test('words of the file itself are not those of its first value', () => {
  expect(of('# A file.\n\n# Pods\nreplicas: 2\n')?.replicas?.description).toBe('Pods');
});

test('the first value of a map has words too', () => {
  expect(of('image:\n  # Path\n  repository: a\n')?.image?.properties?.repository?.description).toBe('Path');
});

test('maps take the values they have and no others', () => {
  expect(derive('image:\n  tag: a\n').additionalProperties).toBe(false);
  expect(of('image:\n  tag: a\n')?.image?.additionalProperties).toBe(false);
});

test('an annotation is laid over what the default says', () => {
  const text = '# Where it runs\n# @schema {type: [string, "null"], enum: [a, null]}\nzone: null\n';
  expect(of(text)).toEqual({ zone: { description: 'Where it runs', type: ['string', 'null'], enum: ['a', null] } });
});

test('a null nothing says the type of is refused with its path and the remedy', () => {
  expect(() => derive('a:\n  b: null\n')).toThrow(
    'charts/x/values.yaml: a.b is null, which has no type; say it above with `# @schema {type: [string, "null"]}`',
  );
});

test('an annotation that is no map is refused', () => {
  expect(() => derive('# @schema integer\na: 1\n')).toThrow(
    'charts/x/values.yaml: the annotation of a is no map: @schema integer',
  );
});

test('ids of users may be null, whatever their default', () => {
  expect(of('runAsUser: 65532\n')?.runAsUser).toEqual({ type: ['integer', 'null'], default: 65532 });
});

test('a list of maps takes what any of its defaults has', () => {
  expect(of('calls: [{service: a}, {service: b, port: 1}]\n')?.calls?.items).toEqual({
    type: 'object',
    additionalProperties: false,
    properties: { service: { type: 'string', default: 'b' }, port: { type: 'integer', default: 1 } },
  });
});

test('a name of Kubernetes that holds a text here is a text', () => {
  expect(of('env: GATEWAY_TIMELINE_ADDRESS\n')?.env?.type).toBe('string');
});

test('what a chart says over what it imports has its default, and the type of what is below', () => {
  const lower = derive('# Below\n# @schema {type: [string, "null"]}\na: x\nb: {}\nc: 1\n');
  const merged = mergeSchemas(lower, derive('a: y\nb:\n  d: 1\n'));
  expect(merged.properties).toEqual({
    a: { description: 'Below', type: ['string', 'null'], default: 'y' },
    b: { type: 'object', additionalProperties: false, properties: { d: { type: 'integer', default: 1 } } },
    c: { type: 'integer', default: 1 },
  });
});
