import { boolArray, hexArray, int4Array, int8Array, jsonbArray, textArray } from '../src/index.ts';
import { embeddedDatabase, type OpenedDatabase } from './fixture.ts';

let opened: OpenedDatabase;
beforeAll(async () => {
  opened = await embeddedDatabase();
});
afterAll(() => opened[Symbol.asyncDispose]());

const long = 'ü'.repeat(100_000);

test.each([
  ['int[]', int4Array([0, -1, null, 2147483647, -2147483648]), ['0', '-1', null, '2147483647', '-2147483648']],
  ['bigint[]', int8Array([0n, null, 2n ** 63n - 1n, -(2n ** 63n)]), ['0', null, '9223372036854775807', '-9223372036854775808']],
  ['boolean[]', boolArray([true, null, false]), ['true', null, 'false']],
  ['text[]', textArray(['', null, 'NULL', '{"a,b\\"}', '日本 😀', long]), ['', null, 'NULL', '{"a,b\\"}', '日本 😀', long]],
  ['jsonb[]', jsonbArray(['{"a": "ü"}', null, 'null', '[1.50]']), ['{"a": "ü"}', null, 'null', '[1.50]']],
  ['bytea[]', hexArray(['', null, '00ff']), ['\\x', null, '\\x00ff']],
])('%s arrives as it was given', async (type, array, texts) => {
  const rows = await opened.db.query<{ value: string | null }>(`SELECT value::text FROM unnest($1::${type}) AS a(value)`, [
    array,
  ]);
  expect(rows.map(({ value }) => value)).toEqual(texts);
});

test.each([
  ['int[]', int4Array([])],
  ['text[]', textArray([])],
])('an empty %s is an array of nothing', async (type, array) => {
  const [row] = await opened.db.query(`SELECT $1::${type} = '{}' AS empty, cardinality($1::${type}) AS size`, [array]);
  expect(row).toEqual({ empty: true, size: 0 });
});
