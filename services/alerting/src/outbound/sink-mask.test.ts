import { credentialsOf, masked } from './sink-mask.ts';

const basic = Buffer.from('user:pass"word').toString('base64');

test.each([
  [
    'a token',
    'https://es/_bulk',
    { authorization: 'ApiKey k3yk3yk3y' },
    'ApiKey k3yk3yk3y and k3yk3yk3y',
    '<secret> and <secret>',
  ],
  [
    'a password',
    'https://es/',
    { authorization: `Basic ${basic}` },
    String.raw`${basic} user:pass"word pass\"word`,
    '<secret> <secret> <secret>',
  ],
  ['a header of its own', 'https://es/', { 'x-key': ['s3cret-value'] }, 'x-key: s3cret-value', 'x-key: <secret>'],
  [
    'an address',
    'https://u:p%40ssword@h/T0/AbCdEf0123456789?t=q1q1q1',
    {},
    'p@ssword dTpwQHNzd29yZA== AbCdEf0123456789 q1q1q1',
    '<secret> <secret> <secret> <secret>',
  ],
  [
    'nothing',
    'https://es:9200/services/collector/event',
    { 'content-type': 'application/json' },
    'event of application/json',
    'event of application/json',
  ],
])('an answer that says again what was sent holds no credential: %s', (_, url, headers, text, expected) => {
  expect(masked(text, credentialsOf(new URL(url), headers))).toBe(expected);
});
