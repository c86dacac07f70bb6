import fc from 'fast-check';
import { crc32c } from './crc32c.ts';

/** RFC 3720 B.4, bit by bit. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('the vectors of RFC 3720 come out', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32, 0))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  expect(crc32c(Buffer.alloc(0))).toBe(0);
});

test('any slice of any buffer has the checksum the definition gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), fc.nat(20), (bytes, from, short) => {
      const start = Math.min(from, bytes.length);
      const end = Math.max(start, bytes.length - short);
      expect(crc32c(bytes, start, end)).toBe(slowly(bytes.subarray(start, end)));
    }),
  );
});
