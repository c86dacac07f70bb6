// Messages are described, not programmed: a schema is a tree of codecs that reads and writes one message in all its (non-flexible)
// versions. Both directions exist for each, so that a test can speak as a client does.
import { MalformedRequest, type Reader } from './reader.ts';
import { type Writer } from './writer.ts';

export interface Codec<Value> {
  read(from: Reader, version: number): Value;
  write(to: Writer, value: Value, version: number): void;
}

/** The type of the values a codec reads and writes. */
export type Of<C> = C extends Codec<infer Value> ? Value : never;

export const int8: Codec<number> = { read: (from) => from.int8(), write: (to, value) => to.int8(value) };
export const int16: Codec<number> = { read: (from) => from.int16(), write: (to, value) => to.int16(value) };
export const int32: Codec<number> = { read: (from) => from.int32(), write: (to, value) => to.int32(value) };
export const int64: Codec<number> = { read: (from) => from.int64(), write: (to, value) => to.int64(value) };
export const boolean: Codec<boolean> = { read: (from) => from.boolean(), write: (to, value) => to.boolean(value) };
export const nullableString: Codec<string | null> = { read: (from) => from.string(), write: (to, value) => to.string(value) };
export const nullableBytes: Codec<Buffer | null> = { read: (from) => from.bytes(), write: (to, value) => to.bytes(value) };
export const string: Codec<string> = { read: (from) => present(from.string()), write: (to, value) => to.string(value) };
export const bytes: Codec<Buffer> = { read: (from) => present(from.bytes()), write: (to, value) => to.bytes(value) };

function present<Value>(value: Value | null): Value {
  if (value === null) throw new MalformedRequest('null where the protocol has a value');
  return value;
}

export function nullableArray<Value>(element: Codec<Value>): Codec<readonly Value[] | null> {
  return {
    read(from, version) {
      const count = from.count();
      return count === null ? null : Array.from({ length: count }, () => element.read(from, version));
    },
    write(to, values, version) {
      to.int32(values?.length ?? -1);
      for (const value of values ?? []) element.write(to, value, version);
    },
  };
}

export function array<Value>(element: Codec<Value>): Codec<readonly Value[]> {
  const codec = nullableArray(element);
  return {
    read: (from, version) => present(codec.read(from, version)),
    write: (to, values, version) => codec.write(to, values, version),
  };
}

/** A field of versions `first` to `last` only; in the others its value is `absent`. */
export function between<Value>(first: number, last: number, codec: Codec<Value>, absent: Value): Codec<Value> {
  const has = (version: number): boolean => version >= first && version <= last;
  return {
    read: (from, version) => (has(version) ? codec.read(from, version) : absent),
    write(to, value, version) {
      if (has(version)) codec.write(to, value, version);
    },
  };
}

/** Lengths of the flexible versions (KIP-482) are one more than they say; 0 is null. */
const compactNullableBytes: Codec<Buffer | null> = {
  read(from) {
    const length = from.uvarint();
    return length === 0 ? null : from.raw(length - 1);
  },
  write(to, value) {
    to.uvarint(value === null ? 0 : value.length + 1);
    if (value !== null) to.raw(value);
  },
};
export const compactBytes: Codec<Buffer> = {
  read: (from, version) => present(compactNullableBytes.read(from, version)),
  write: (to, value, version) => compactNullableBytes.write(to, value, version),
};
export const compactNullableString: Codec<string | null> = {
  read: (from, version) => compactNullableBytes.read(from, version)?.toString('utf8') ?? null,
  write: (to, value, version) => compactNullableBytes.write(to, value === null ? null : Buffer.from(value), version),
};

/** The tagged fields at the end of a flexible message: whatever they are, they are nothing to us; none are written. */
export const tags: Codec<null> = {
  read(from) {
    for (let left = from.uvarint(); left > 0; left--) {
      from.uvarint();
      from.raw(from.uvarint());
    }
    return null;
  },
  write: (to) => to.uvarint(0),
};

/** A field that is written otherwise from the flexible version `first` on. */
export function flexible<Value>(first: number, plain: Codec<Value>, compact: Codec<Value>): Codec<Value> {
  const of = (version: number): Codec<Value> => (version >= first ? compact : plain);
  return {
    read: (from, version) => of(version).read(from, version),
    write: (to, value, version) => of(version).write(to, value, version),
  };
}

/** A field that came with version `first`. */
export function since<Value>(first: number, codec: Codec<Value>, absent: Value): Codec<Value> {
  return between(first, Number.POSITIVE_INFINITY, codec, absent);
}

type Fields = Readonly<Record<string, Codec<unknown>>>;

/** Fields in the order in which they are written here. */
export function struct<F extends Fields>(fields: F): Codec<{ readonly [Name in keyof F]: Of<F[Name]> }> {
  type Value = { readonly [Name in keyof F]: Of<F[Name]> };
  const entries = Object.entries(fields);
  return {
    read: (from, version) => Object.fromEntries(entries.map(([name, codec]) => [name, codec.read(from, version)])) as Value,
    write(to, value, version) {
      for (const [name, codec] of entries) codec.write(to, value[name], version);
    },
  };
}
