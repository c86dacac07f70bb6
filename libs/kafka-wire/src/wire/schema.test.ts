import fc from 'fast-check';
import { MalformedRequest, Reader } from './reader.ts';
import {
  array,
  between,
  boolean,
  int16,
  int64,
  int8,
  nullableBytes,
  nullableString,
  type Of,
  since,
  string,
  struct,
} from './schema.ts';
import { Writer } from './writer.ts';

const message = struct({
  a: int8,
  b: since(2, int64, -1),
  c: between(1, 2, nullableString, null),
  d: array(struct({ e: string, f: since(3, boolean, false) })),
  g: nullableBytes,
  h: int16,
});

const value: fc.Arbitrary<Of<typeof message>> = fc.record({
  a: fc.integer({ min: -128, max: 127 }),
  b: fc.maxSafeInteger(),
  c: fc.option(fc.string()),
  d: fc.array(fc.record({ e: fc.string(), f: fc.boolean() })),
  g: fc.option(fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes))),
  h: fc.integer({ min: -32768, max: 32767 }),
});

function encode(sent: Of<typeof message>, version: number): Buffer {
  const to = new Writer();
  message.write(to, sent, version);
  return Buffer.concat(to.chunks());
}

test('what is written in a version is read in it, and fields the version does not have are absent', () => {
  fc.assert(
    fc.property(value, fc.nat(4), (sent, version) => {
      const from = new Reader(encode(sent, version));
      expect(message.read(from, version)).toEqual({
        ...sent,
        b: version >= 2 ? sent.b : -1,
        c: version === 1 || version === 2 ? sent.c : null,
        d: sent.d.map(({ e, f }) => ({ e, f: version >= 3 && f })),
      });
      expect(from.remaining).toBe(0);
    }),
  );
});

test('a message that is cut off anywhere is malformed', () => {
  const whole = encode({ a: 1, b: 2, c: 'c', d: [{ e: 'e', f: true }], g: Buffer.from('g'), h: 3 }, 2);
  for (let length = 0; length < whole.length; length++) {
    expect(() => message.read(new Reader(whole.subarray(0, length)), 2)).toThrow(MalformedRequest);
  }
});
