// CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of Kafka's record batch v2. Node's zlib.crc32 is another polynomial.
// Slice-by-16: four aligned 32-bit words a turn, one table look-up a byte, no dependency between the look-ups of a turn.

const reversedPolynomial = 0x82f63b78;
const slices = 16;

function makeTable(): Int32Array {
  const table = new Int32Array(slices * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reversedPolynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256] as number;
    table[i] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}

/** Constant after the module is loaded. */
const table = makeTable();

function byByte(crc: number, bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 255] as number);
  return crc;
}

/** Four bytes of a little-endian word, the first of them `distance` bytes before the end of the turn. */
function look(word: number, distance: number): number {
  return (
    (table[((distance - 1) << 8) | (word & 255)] as number) ^
    (table[((distance - 2) << 8) | ((word >>> 8) & 255)] as number) ^
    (table[((distance - 3) << 8) | ((word >>> 16) & 255)] as number) ^
    (table[((distance - 4) << 8) | (word >>> 24)] as number)
  );
}

/** The CRC-32C of `bytes[from, to)`, unsigned. Words are read little-endian, as every machine Node runs on has them. */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  const aligned = Math.min(to, from + ((4 - ((bytes.byteOffset + from) & 3)) & 3));
  let crc = byByte(-1, bytes, from, aligned);
  const turns = (to - aligned) >> 4;
  const words = turns === 0 ? undefined : new Int32Array(bytes.buffer, bytes.byteOffset + aligned, turns * 4);
  for (let i = 0; words !== undefined && i < words.length; i += 4) {
    crc =
      look(crc ^ (words[i] as number), 16) ^
      look(words[i + 1] as number, 12) ^
      look(words[i + 2] as number, 8) ^
      look(words[i + 3] as number, 4);
  }
  crc = byByte(crc, bytes, aligned + turns * 16, to);
  return ~crc >>> 0;
}
