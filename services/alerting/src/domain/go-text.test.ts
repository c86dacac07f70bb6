import fc from 'fast-check';
import { compareText, goQuote, goUnquote } from './go-text.ts';

const text = fc.string({ unit: 'binary' });

test.each([
  ['plain', '"plain"'],
  ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
  ['tab\tline\nbell\x07', '"tab\\tline\\nbell\\a"'],
  ['\x00\x7f', '"\\x00\\x7f"'],
  ['größe ☃ 😀', '"größe ☃ 😀"'],
  ['\u00a0\u200b', '"\\u00a0\\u200b"'],
])('%j is quoted as Go does', (value, quoted) => {
  expect(goQuote(value)).toBe(quoted);
});

test('Q1 what was quoted reads back', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(goUnquote(goQuote(value).slice(1, -1))).toBe(value);
    }),
  );
});

test.each(['\\q', '\\', '\\x4', '\\ud800', '\\U00110000', 'a"b', '\\"a"', 'a\nb', '\\xff', "\\'", '\\400'])(
  '%j is no Go string',
  (inner) => {
    expect(goUnquote(inner)).toBeUndefined();
  },
);

test('the inner of a Go string may name bytes', () => {
  expect(goUnquote('\\xe2\\x98\\x83 \\303\\274')).toBe('☃ ü');
});

test('texts are ordered by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});
