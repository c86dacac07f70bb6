// How Go orders and quotes text; group keys and matchers are written with both.

/** The order of the UTF-8 bytes of two texts, which is that of their code points. JavaScript's own `<` differs beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [xHalf, yHalf] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff];
    if (xHalf === yHalf) return x - y;
    return xHalf ? 1 : -1;
  }
  return a.length - b.length;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** What Go's `unicode.IsPrint` takes: letters, marks, numbers, punctuation, symbols and the plain space. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** The text in double quotes, as Go's `strconv.Quote` writes it. */
export function goQuote(text: string): string {
  if (!/[^\x20-\x7e]|["\\]/.test(text)) return `"${text}"`;
  const parts = Array.from(text, (char) => {
    const known = short[char];
    if (known !== undefined) return known;
    if (printable.test(char)) return char;
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${parts.join('')}"`;
}

const unescaped: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S])|$)/g;

/**
 * The text between the double quotes of a Go string literal, read as Go reads it; undefined where Go would refuse it: an unknown
 * escape, a line break, bytes that are no UTF-8. `\x` and octal escapes name bytes.
 *
 *   Q1  what `goQuote` wrote reads back
 */
export function goUnquote(inner: string): string | undefined {
  if (inner.includes('\n')) return undefined;
  if (!inner.includes('\\')) return inner.includes('"') ? undefined : inner;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const put = (text: string): void => void bytes.push(...encoder.encode(text));
  let at = 0;
  for (const found of inner.matchAll(escape)) {
    const between = inner.slice(at, found.index);
    if (between.includes('"')) return undefined;
    put(between);
    at = found.index + found[0].length;
    const [, byte, four, eight, octal, letter] = found;
    if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    else if (octal !== undefined && Number.parseInt(octal, 8) < 256) bytes.push(Number.parseInt(octal, 8));
    else if (four !== undefined || eight !== undefined) {
      const code = Number.parseInt(four ?? eight ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      put(String.fromCodePoint(code));
    } else {
      // A double-quoted literal knows no \' in Go.
      const plain = letter === "'" ? undefined : unescaped[letter ?? ''];
      if (plain === undefined) return undefined;
      put(plain);
    }
  }
  const last = inner.slice(at);
  if (last.includes('"')) return undefined;
  put(last);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
