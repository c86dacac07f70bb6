// One-dimensional arrays in PostgreSQL's binary format (array_recv in src/backend/utils/adt/arrayfuncs.c): the driver sends a
// Buffer as a binary parameter. Neither side writes or reads numbers and quoted texts then, which is most of what a large
// array costs.
const headerBytes = 20;

/** For a parameter cast to `int[]`. */
export function int4Array(values: readonly (number | null)[]): Buffer {
  return arrayOf(23, values, 4, (into, value, at) => into.writeInt32BE(value, at) - at);
}

/** For `bigint[]`. */
export function int8Array(values: readonly (bigint | null)[]): Buffer {
  return arrayOf(20, values, 8, (into, value, at) => into.writeBigInt64BE(value, at) - at);
}

/** For `boolean[]`. */
export function boolArray(values: readonly (boolean | null)[]): Buffer {
  return arrayOf(16, values, 1, (into, value, at) => into.writeUInt8(value ? 1 : 0, at) - at);
}

/** For `text[]`. Texts hold no NUL. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return arrayOf(25, values, textBytes, (into, value, at) => into.write(value, at));
}

/** For `jsonb[]`: JSON as text. */
export function jsonbArray(values: readonly (string | null)[]): Buffer {
  return arrayOf(3802, values, textBytes, (into, value, at) => {
    into[at] = 1;
    return into.write(value, at + 1) + 1;
  });
}

/** For `bytea[]`, given as hex digits. */
export function hexArray(values: readonly (string | null)[]): Buffer {
  return arrayOf(17, values, textBytes, (into, value, at) => into.write(value, at, 'hex'));
}

/** For `bytea[]`. */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  return arrayOf(
    17,
    values,
    (bytes) => bytes.length,
    (into, value, at) => {
      into.set(value, at);
      return value.length;
    },
  );
}

/** An upper bound: UTF-8 has at most three bytes for a UTF-16 unit. */
const textBytes = (text: string): number => text.length * 3 + 1;

function arrayOf<T>(
  elementOid: number,
  values: readonly (T | null)[],
  maxBytes: number | ((value: T) => number),
  write: (into: Buffer, value: T, at: number) => number,
): Buffer {
  const most = (value: T | null): number => (value === null ? 0 : typeof maxBytes === 'number' ? maxBytes : maxBytes(value));
  const into = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + most(value), headerBytes));
  let at = headerBytes;
  let hasNull = 0;
  for (const value of values) {
    const bytes = value === null ? -1 : write(into, value, at + 4);
    if (value === null) hasNull = 1;
    into.writeInt32BE(bytes, at);
    at += 4 + Math.max(0, bytes);
  }
  const header = values.length === 0 ? [0, 0, elementOid] : [1, hasNull, elementOid, values.length, 1];
  header.forEach((word, i) => into.writeInt32BE(word, i * 4));
  return into.subarray(0, values.length === 0 ? 12 : at);
}
