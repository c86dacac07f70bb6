import { gzipSync } from 'node:zlib';
import { parseContent } from './content.ts';
import { readImport } from './read-import.ts';
import { history } from './testing/history-file.ts';
import { bytesOf, problemOf, readOne } from './testing/read.ts';
import { legacyWfFile, wfFile } from './testing/wf-file.ts';

const sha256 = 'fedcba9876543210'.repeat(4);
const formatOf = (bytes: Uint8Array): string => readImport(bytes, sha256).format;
const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/engine',
  type: 'tmws.step.started',
  time: '2026-03-01T12:00:00Z',
  data: { executionId: 'run-7', stepId: 'fetch' },
};

test('the format is found from the content', () => {
  expect(formatOf(bytesOf(wfFile()))).toBe('wfformat');
  expect(formatOf(bytesOf(legacyWfFile()))).toBe('wfformat');
  expect(formatOf(bytesOf({ events: history().events }))).toBe('temporal');
  expect(formatOf(bytesOf(history().events))).toBe('temporal');
  expect(formatOf(bytesOf(`${JSON.stringify(event)}\n`))).toBe('cloudevents');
  expect(formatOf(bytesOf([event]))).toBe('cloudevents');
});

test('a byte order mark and white space before the file do not hide its format', () => {
  const text = `\r\n  \t${JSON.stringify(wfFile(), undefined, 2)}\n`;
  expect(formatOf(bytesOf(`\uFEFF${text}`))).toBe('wfformat');
  expect(formatOf(bytesOf(`\uFEFF\n${JSON.stringify(event)}\r\n\r\n${JSON.stringify({ ...event, id: 'e2' })}`))).toBe(
    'cloudevents',
  );
});

test('a file compressed by gzip is read as what is in it, with the same ids as long as the bytes are named the same', () => {
  const plain = readImport(bytesOf(wfFile()), sha256);
  expect(readImport(gzipSync(bytesOf(wfFile())), sha256)).toEqual(plain);
  expect(plain.executions[0]?.id).toBe('wfformat-fedcba9876543210');
});

test('the same file gives the same facts, so importing it twice adds nothing', () => {
  expect(readOne(wfFile()).facts).toEqual(readOne(wfFile()).facts);
  const ids = readOne({ events: history().events }).facts.map(({ stamp }) => stamp.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what expands beyond the limit is refused with the limit, before it is expanded', () => {
  const small = gzipSync(bytesOf(JSON.stringify({ events: ' '.repeat(3_000_000) })));
  expect(small.length).toBeLessThan(10_000);
  const limited = problemOf(() => parseContent(small, 2 * 1024 * 1024));
  expect(limited).toBe('too_large: a recording may have at most 2 MiB, uncompressed; split it');
  const plain = bytesOf(JSON.stringify({ events: ' '.repeat(3_000_000) }));
  expect(problemOf(() => parseContent(plain, 2 * 1024 * 1024))).toBe(limited);
});

test('damaged gzip is named', () => {
  const damaged = gzipSync(bytesOf(wfFile())).subarray(0, 100);
  expect(problemOf(() => readImport(damaged, sha256))).toMatch(
    /^invalid: the file begins like gzip but cannot be uncompressed: /,
  );
});

test.each([
  ['', /^invalid: the file is empty/],
  [' \n ', /^invalid: the file is empty/],
  ['name,start\na,1', /^unsupported: the file holds no JSON object or list/],
  ['\u0000\u0001\u0002', /^unsupported: the file holds no JSON/],
  ['{"a":1}', /^unsupported: the file is of no format known here; looked for wfformat \(.*\), temporal \(.*\), cloudevents \(/],
  ['[]', /^unsupported: the file is of no format known here/],
  ['[1,2]', /^unsupported: the file is of no format known here/],
  ['{"events":[]}', /^invalid: \$\.events must begin with WorkflowExecutionStarted \(got no event\)/],
  ['{"workflow":{"tasks":[', /^invalid: the file is not JSON: /],
  ['{"workflow":1}', /^unsupported/],
])('the file %j is refused with what is wrong', (text, expected) => {
  expect(problemOf(() => readImport(bytesOf(text), sha256))).toMatch(expected);
});

test('a file that is nested without end is refused, not recursed into', () => {
  const deep = '['.repeat(1_000_000);
  expect(problemOf(() => readImport(bytesOf(deep), sha256))).toBe('invalid: the file is nested more than 256 deep');
});

test('text that is not UTF-8 is named', () => {
  const bytes = Buffer.concat([bytesOf('{"workflow":"'), Buffer.from([0xff, 0xfe]), bytesOf('"}')]);
  expect(problemOf(() => readImport(bytes, sha256))).toBe('invalid: the file is not JSON: it is not UTF-8');
});
