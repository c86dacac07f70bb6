// Documents that were valid, changed as an accident or an attacker would: bytes flipped, cut and doubled, values replaced.
import fc from 'fast-check';

/** One change to a JSON value, at a place chosen among all its places. */
interface ValueChange {
  readonly where: number;
  readonly change: 'remove' | 'double' | 'replace' | 'empty';
  readonly by: unknown;
}

const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, -0.5, 2 ** 53, '', '\u0000', '\ud800', '0', '99999999999999999999', [], {}, [
    [],
  ]),
  fc.constantFrom<unknown>('__proto__', 'constructor', 'x'.repeat(600), '2026-01-01T00:00:00Z', '1', '3', 'split_ID1', {
    payloads: 1,
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

const valueChange: fc.Arbitrary<ValueChange> = fc.record({
  where: fc.nat(),
  change: fc.constantFrom('remove', 'double', 'replace', 'empty'),
  by: oddValues,
});

/** Bytes of a file like `file`, with one to four things wrong. */
export function mutated(file: unknown): fc.Arbitrary<Uint8Array> {
  const text = JSON.stringify(file);
  const changedValue = fc
    .array(valueChange, { minLength: 1, maxLength: 4 })
    .map((changes) => Buffer.from(JSON.stringify(changes.reduce<unknown>(changedBy, JSON.parse(text)))));
  const changedBytes = fc
    .array(fc.tuple(fc.nat(), fc.constantFrom('flip', 'cut', 'insert'), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce(bytesChangedBy, Buffer.from(text)));
  return fc.oneof({ weight: 4, arbitrary: changedValue }, { weight: 1, arbitrary: changedBytes });
}

function bytesChangedBy(bytes: Buffer, [where, change, byte]: [number, string, number]): Buffer {
  const at = where % (bytes.length + 1);
  if (change === 'flip') return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1)]);
  if (change === 'cut') return bytes.subarray(0, at);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
}

function changedBy(root: unknown, { where, change, by }: ValueChange): unknown {
  const places: { of: unknown[] | Record<string, unknown>; key: string | number }[] = [];
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      const of = value as unknown[] & Record<string, unknown>;
      places.push({ of, key });
      open.push(of[key as never]);
    }
  }
  const place = places[where % Math.max(places.length, 1)];
  // Of its own: the same value may be put into itself by the next change.
  const own = structuredClone(by);
  if (place === undefined) return own;
  const { of, key } = place as { of: Record<string | number, unknown> & unknown[]; key: string | number };
  if (change === 'replace') of[key] = own;
  else if (change === 'empty') of[key] = Array.isArray(of[key]) ? [] : {};
  else if (Array.isArray(of)) of.splice(Number(key), 1, ...(change === 'remove' ? [] : [of[key], structuredClone(of[key])]));
  else if (change === 'remove') Reflect.deleteProperty(of, key);
  else (of as Record<string, unknown>)[`${key}2`] = structuredClone((of as Record<string, unknown>)[key]);
  return root;
}
