import type { Labels } from './alert.ts';
import { exactly, matchersOf, matcherText, parseMatcher, splitMatchers, withMatcher, withoutMatcher } from './label-matcher.ts';

test.each([
  ['severity="critical"', { name: 'severity', operator: '=', value: 'critical' }],
  ['severity=critical', { name: 'severity', operator: '=', value: 'critical' }],
  ['job =~ "api.*"', { name: 'job', operator: '=~', value: 'api.*' }],
  ['env!=prod', { name: 'env', operator: '!=', value: 'prod' }],
  ['path!~"/a,b"', { name: 'path', operator: '!~', value: '/a,b' }],
  [String.raw`say="a \"b\"\n\\"`, { name: 'say', operator: '=', value: 'a "b"\n\\' }],
  ['"service.name"="checkout"', { name: 'service.name', operator: '=', value: 'checkout' }],
  ['empty=""', { name: 'empty', operator: '=', value: '' }],
])('%s is a matcher, and is written so that it is the same again', (text, matcher) => {
  expect(parseMatcher(text)).toEqual(matcher);
  expect(parseMatcher(matcherText(matcher as Parameters<typeof matcherText>[0]))).toEqual(matcher);
});

test.each(['checkout', 'a b', '="x"', 'a="b', '{a="b"}'])('%s is no matcher: the server says what is wrong with it', (text) => {
  expect(parseMatcher(text)).toBeUndefined();
});

test('a filter is taken apart at commas outside of quotes, with or without braces around it', () => {
  expect(splitMatchers('{a="1,2", b=~"x|y" , c=d,}')).toEqual(['a="1,2"', 'b=~"x|y"', 'c=d']);
  expect(splitMatchers(String.raw`a="\",", b=c`)).toEqual([String.raw`a="\","`, 'b=c']);
  expect(splitMatchers('')).toEqual([]);
});

test('a label clicked twice is in the filter once, and is taken away by its place', () => {
  const once = withMatcher('severity=critical', { name: 'job', operator: '=', value: 'api' });
  expect(once).toBe('severity=critical, job="api"');
  expect(withMatcher(once, { name: 'severity', operator: '=', value: 'critical' })).toBe(once);
  expect(withoutMatcher(once, 0)).toBe('job="api"');
});

test('a silence of one group names all it shares, the name first', () => {
  expect(exactly({ service: 'checkout', alertname: 'Slow' }).map(matcherText)).toEqual([
    'alertname="Slow"',
    'service="checkout"',
  ]);
});

test('a silence of several groups keeps what they share and tells few values apart; what one lacks is left out', () => {
  const groups: Labels[] = [
    { alertname: 'Slow', service: 'a.b', team: 'x', zone: '1' },
    { alertname: 'Slow', service: 'c', team: 'x' },
  ];
  expect(matchersOf(groups).map(matcherText)).toEqual(['alertname="Slow"', String.raw`service=~"a\\.b|c"`, 'team="x"']);
});
