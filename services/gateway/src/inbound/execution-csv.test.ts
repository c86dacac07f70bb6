import fc from 'fast-check';
import { csvCell } from './execution-csv.ts';

test.each<[string, string]>([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "so"', '"say ""so"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1', "'  =1"],
  ['＝1', "'＝1"],
  ['\t1', "'\t1"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ['a=1', 'a=1'],
  ['', ''],
])('%j is written %j', (text, cell) => expect(csvCell(text)).toBe(cell));

test('numbers are numbers, what is absent is nothing', () => {
  expect([csvCell(-5), csvCell(7n), csvCell(undefined)]).toEqual(['-5', '7', '']);
});

test('a text can be read back, and none begins a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('=+-@a", \t\r\n＝')) }), (text) => {
      const cell = csvCell(text);
      const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect([text, `'${text}`]).toContain(read);
      expect(read).not.toMatch(/^[=+\-@\t\r＝]/u);
      if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
    }),
  );
});
