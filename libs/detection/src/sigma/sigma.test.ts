// The contract of modifiers, values and conditions, by tiny rules of our own.
import { readRules, sigmaDetector, sigmaView } from '../index.ts';
import type { ReadOptions } from './rule.ts';

/** Whether a rule with this detection matches an event. */
function matches(detection: string, event: unknown, options: ReadOptions = {}): boolean {
  const text = `title: t\nlogsource: {product: p}\ndetection:\n${detection.replace(/^/gm, '  ')}`;
  const { rules, refused } = readRules([{ source: 't', text }], options);
  if (refused.length > 0) throw new Error(refused.flatMap(({ faults }) => faults.map(({ message }) => message)).join('; '));
  return sigmaDetector(rules).detect(sigmaView(event)).length > 0;
}

const one = (item: string): string => `s: {${item}}\ncondition: s`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1');

describe.each<[item: string, yes: unknown[], no: unknown[]]>([
  ["a: 'Cmd.exe'", [{ a: 'cmd.EXE' }, { a: ['x', 'cmd.exe'] }], [{ a: 'xcmd.exe' }, { b: 'cmd.exe' }, {}]],
  ["a: 'c*d?e'", [{ a: 'cXXdYe' }, { a: 'cd.e' }], [{ a: 'cde' }, { a: 'cd..e' }]],
  ["a: '*x*y*'", [{ a: 'xy' }, { a: '1x2y3' }], [{ a: 'yx' }]],
  ["a: 'x\\*y'", [{ a: 'x*y' }], [{ a: 'xzy' }, { a: 'x\\*y' }]],
  ["a: 'x\\\\*'", [{ a: 'x\\' }, { a: 'x\\yz' }], [{ a: 'x*' }]],
  ["a: 'x\\\\\\*'", [{ a: 'x\\*' }], [{ a: 'x\\y' }]],
  ["a: 'c:\\dir\\\\file'", [{ a: 'c:\\dir\\file' }], [{ a: 'c:\\dir\\\\file' }]],
  ['a: 5', [{ a: 5 }, { a: '5' }], [{ a: 55 }, { a: '5 ' }]],
  ["a: '5'", [{ a: 5 }], [{ a: 6 }]],
  ['a: true', [{ a: true }, { a: 'True' }], [{ a: false }]],
  ["a: ''", [{ a: '' }], [{ a: null }, {}, { a: ' ' }]],
  ['a: null', [{}, { a: null }], [{ a: '' }, { a: 0 }]],
  ['a: [x, 7, null]', [{ a: 'X' }, { a: 7 }, {}], [{ a: 'y' }]],
  ['a|contains: bc', [{ a: 'ABCD' }], [{ a: 'acb' }, {}]],
  ['a|contains: 12', [{ a: 3124 }], [{ a: 1 }]],
  ['a|startswith: ab', [{ a: 'ABC' }], [{ a: 'cab' }]],
  ["a|endswith: '\\x.exe'", [{ a: 'c:\\X.exe' }], [{ a: 'c:\\xx.exe' }]],
  ["a|contains: 'b*d'", [{ a: 'abcde' }], [{ a: 'adcb' }]],
  ['a|contains|all: [x, y]', [{ a: 'yx' }], [{ a: 'x' }]],
  ['a|contains|cased: Bc', [{ a: 'aBcd' }], [{ a: 'abcd' }]],
  ['a|cased: Ab', [{ a: 'Ab' }], [{ a: 'ab' }]],
  ['a|neq: x', [{ a: 'y' }, {}], [{ a: 'X' }, { a: ['y', 'x'] }]],
  ['a|neq: [1, 2]', [{ a: 3 }], [{ a: 2 }]],
  ["a|re: '^f.o[0-9]+$'", [{ a: 'foo12' }], [{ a: 'Foo12' }, { a: 'xfoo1' }]],
  ["a|re|i: 'fOO'", [{ a: 'xFooy' }], [{ a: 'fo' }]],
  ["a|re|m: '^b$'", [{ a: 'a\nb\nc' }], [{ a: 'ab' }]],
  ["a|re|s: 'a.b'", [{ a: 'a\nb' }], [{ a: 'ab' }]],
  ["a|re: 'a.b'", [{ a: 'a-b' }], [{ a: 'a\nb' }]],
  ["a|re|i|s: '(x|y).z'", [{ a: 'Y\nZ' }], [{ a: 'z' }]],
  ["a|re: '(?i)foo(?!bar)'", [{ a: 'FOObaz' }], [{ a: 'foobar' }]],
  ["a|re: '(?<=user=)root'", [{ a: 'user=root' }], [{ a: 'users=root' }]],
  ['a|cidr: 10.0.0.0/8', [{ a: '10.200.3.4' }, { a: '::ffff:10.1.1.1' }], [{ a: '11.0.0.1' }, { a: 'x' }, { a: '2001:db8::1' }]],
  ["a|cidr: ['192.168.0.0/16', '2001:db8::/32']", [{ a: '192.168.9.9' }, { a: '2001:DB8:1::5' }], [{ a: '2001:db9::' }]],
  ["a|cidr: '::/0'", [{ a: 'fe80::1%eth0' }], [{ a: '1.2.3.4' }]],
  ['a|gt: 5', [{ a: 6 }, { a: '6.5' }], [{ a: 5 }, { a: 'x' }, { a: '' }, {}]],
  ['a|gte: 5', [{ a: 5 }], [{ a: 4.9 }]],
  ['a|lt: 0', [{ a: '-1' }], [{ a: 0 }]],
  ['a|lte: 1.5', [{ a: 1.5 }], [{ a: 2 }]],
  ['a|exists: true', [{ a: null }, { a: '' }], [{ b: 1 }]],
  ['a|exists: false', [{}], [{ a: null }]],
  ['a|exists: no', [{}], [{ a: 1 }]],
  ['a: 0x8020000000000000', [{ a: '0x8020000000000000' }], [{ a: '9232379236109516800' }]],
  ['a: 0012', [{ a: '0012' }], [{ a: 12 }]],
  ['a: 12345678901234567890', [{ a: '12345678901234567890' }], [{ a: '12345678901234567000' }]],
  ['a|contains|all: [x, y]', [{ a: 'y x' }, { a: ['x', 'y'] }], [{ a: 'x' }]],
  ['a: [null, x]', [{}, { a: 'X' }], [{ a: '' }, { a: 'y' }]],
  ["a|re: '^46\\d\\d$'", [{ a: 4625 }, { a: '4625' }], [{ a: 14625 }]],
  ["a|cidr: '10.0.0.0/8'", [{ a: '::ffff:10.1.2.3' }], [{ a: '11.0.0.1' }]],
  ["'a b': x", [{ 'a b': 'x' }], [{ ab: 'x' }]],
  ["a: 'x\\*y'", [{ a: 'x*y' }], [{ a: 'xzy' }]],
  ['a: true', [{ a: 'True' }, { a: true }], [{ a: 1 }]],
  [
    'a|fieldref: b',
    [
      { a: 'X', b: 'x' },
      { a: 1, b: '1' },
    ],
    [{ a: 'x', b: 'y' }, { a: 'x' }, { a: null, b: null }],
  ],
  ['a|fieldref|neq: b', [{ a: 'x', b: 'y' }], [{ a: 'x', b: 'X' }]],
  ['a|fieldref|endswith: b', [{ a: 'x/y', b: '/Y' }], [{ a: 'x/y', b: 'x' }]],
  ["a|base64: 'secret'", [{ a: base64('secret') }], [{ a: 'secret' }]],
  [
    "a|base64offset|contains: 'http://'",
    [0, 1, 2].map((n) => ({ a: base64(`${'x'.repeat(n)}http://a`) })),
    [{ a: base64('htt:p//') }],
  ],
  [
    "a|utf16le|base64offset|contains: 'IEX'",
    [0, 2].map((n) => ({ a: base64(wide(`${'y'.repeat(n)}IEX x`)) })),
    [{ a: base64('IEX') }],
  ],
  ["a|wide|contains: 'cmd'", [{ a: `x${wide('cmd')}` }], [{ a: 'cmd' }]],
  ["a|utf16be: 'ab'", [{ a: '\u0000a\u0000b' }], [{ a: 'a\u0000b\u0000' }]],
  ["a|utf16: 'a'", [{ a: '\u00ff\u00fea\u0000' }], [{ a: 'a\u0000' }]],
  [
    "a|windash|contains: ' -enc'",
    ['-', '/', '–', '—', '―'].map((dash) => ({ a: `x ${dash}ENC y` })),
    [{ a: 'x _enc' }, { a: 'enc' }],
  ],
  ["a|contains|windash|all: [' -a', ' /b']", [{ a: 'x /a -b' }], [{ a: 'x -a' }]],
  ["a|windash: 'foo-bar'", [{ a: 'foo-bar' }], [{ a: 'foo/bar' }]],
  ['a|minute: 7', [{ a: '2024-05-01T10:07:00Z' }], [{ a: '2024-05-01T10:08:00Z' }, { a: '2024-05-01' }, { a: 7 }]],
  ['a|hour|gte: 22', [{ a: '2024-05-01 23:07' }], [{ a: '2024-05-01 21:59' }]],
  ['a|day: 31', [{ a: '2024-12-31' }], [{ a: '2024-12-30' }]],
  ['a|week: 1', [{ a: '2024-12-30' }, { a: '2026-01-04' }], [{ a: '2024-12-29' }, { a: '2027-01-01' }]],
  ['a|month: [1, 2]', [{ a: '2024-02-03' }], [{ a: '2024-03-03' }]],
  ['a|year|lt: 2000', [{ a: '1999-12-31' }], [{ a: '2000-01-01' }]],
  [
    'a.b.c: x',
    [{ a: { b: { c: 'x' } } }, { 'a.b.c': 'x' }, { a: { 'b.c': 'x' } }, { a: [{ b: { c: 'y' } }, { b: { c: 'x' } }] }],
    [{ a: { b: 'x' } }],
  ],
  ['a.1: x', [{ a: ['y', 'x'] }], [{ a: ['x'] }]],
  ["a|contains: 'Ä'", [{ a: 'xä' }], [{ a: 'a' }]],
])('%s', (item, yes, no) => {
  test.each(yes.map((event) => [JSON.stringify(event), event]))('is met by %s', (_text, event) => {
    expect(matches(one(item), event)).toBe(true);
  });
  test.each(no.map((event) => [JSON.stringify(event), event]))('is not met by %s', (_text, event) => {
    expect(matches(one(item), event)).toBe(false);
  });
});

const abc = 's_a: {a: 1}\ns_b: {b: 1}\nf_c: {c: 1}\n_d: {d: 1}\n';

test.each<[condition: string, events: string]>([
  ['s_a and s_b', 'ab abc abd abcd'],
  ['s_a or s_b and f_c', 'a ab ac bc abc ad abd acd bcd abcd'],
  ['not s_a and not s_b', '- c d cd'],
  ['not (s_a or s_b)', '- c d cd'],
  ['1 of s_*', 'a b ab ac bc abc ad bd abd acd bcd abcd'],
  ['all of s_*', 'ab abc abd abcd'],
  ['1 of s_* and not 1 of f*', 'a b ab ad bd abd'],
  ['all of them', 'abc abcd'],
  ['1 of them and _d', 'ad bd abd cd acd bcd abcd'],
  ['s_a and (s_b or (f_c and not _d))', 'ab ac abc abd abcd'],
  ['S_A'.toLowerCase() + ' AND NOT s_b', 'a ac ad acd'],
  ['not not s_a', 'a ab ac abc ad abd acd abcd'],
  ['any of s*', 'a b ab ac bc abc ad bd abd acd bcd abcd'],
])('the condition %s is met by exactly the events %s', (condition, events) => {
  const all = Array.from({ length: 16 }, (_, bits) =>
    'abcd'
      .split('')
      .filter((_name, i) => (bits >> i) & 1)
      .join(''),
  );
  const met = all.filter((names) =>
    matches(`${abc}condition: ${condition}`, Object.fromEntries(names.split('').map((name) => [name, 1]))),
  );
  expect(met.map((names) => names || '-').join(' ')).toBe(events);
});

test('several conditions are alternatives', () => {
  const detection = `${abc}condition: [s_a, s_b and f_c]`;
  expect([{ a: 1 }, { b: 1, c: 1 }, { b: 1 }].map((event) => matches(detection, event))).toEqual([true, true, false]);
});

test('keywords are looked for in every value, whatever its field', () => {
  const any = "k: ['Event::Clear', 'x*z']\ncondition: k";
  expect(matches(any, { a: { b: ['1 event::clear 2'] } })).toBe(true);
  expect(matches(any, { a: '__xyz__' })).toBe(true);
  expect(matches(any, { 'event::clear': 'no' })).toBe(false);
  expect(matches('k: word\ncondition: k', { a: 'a WORD here' })).toBe(true);
  const all = "k:\n  '|all': [one, two]\ncondition: k";
  expect(matches(all, { a: 'one', b: 'two' })).toBe(true);
  expect(matches(all, { a: 'one' })).toBe(false);
  expect(matches("k:\n  '|re': 'o[n]e$'\ncondition: k", { a: 'xone' })).toBe(true);
});

test('a list of maps is met by any of them, each as a whole', () => {
  const detection = 's: [{a: 1, b: 1}, {c: 1}]\ncondition: s';
  expect([{ a: 1, b: 1 }, { c: 1 }, { a: 1 }].map((event) => matches(detection, event))).toEqual([true, true, false]);
});

test('placeholders are their values, and a percent sign that is escaped is one', () => {
  const placeholders = { admins: ['root', 'adm*'] };
  expect(matches(one("a|expand: '%admins%'"), { a: 'ADMIN' }, { placeholders })).toBe(true);
  expect(matches(one("a|expand|contains: 'u=%admins%;'"), { a: 'xu=root;' }, { placeholders })).toBe(true);
  expect(matches(one("a|expand: '\\%x'"), { a: '%x' })).toBe(true);
  expect(matches(one("a: '%admins%'"), { a: '%admins%' })).toBe(true);
});

test('fields may have other names in events', () => {
  const { rules } = readRules([
    { source: 't', text: 'title: t\nlogsource: {product: p}\ndetection: {s: {User: x}, condition: s}' },
  ]);
  const view = sigmaView(
    { principal: { id: 'X' } },
    { mapField: (field) => (field === 'User' ? ['user', 'principal.id'] : undefined) },
  );
  expect(sigmaDetector(rules).detect(view)).toHaveLength(1);
});

test('a rule is for events of its source, where that is known', () => {
  const { rules } = readRules([
    {
      source: 't',
      text: 'title: t\nlogsource: {category: process_creation, product: windows}\ndetection: {s: {a: 1}, condition: s}',
    },
  ]);
  const found = (logsource?: { category?: string[]; product?: string[] }): number =>
    sigmaDetector(rules).detect(sigmaView({ a: 1 }, logsource === undefined ? {} : { logsource })).length;
  expect([found(), found({ product: ['linux'] }), found({ product: ['windows'] }), found({ category: ['file_event'] })]).toEqual([
    1, 0, 1, 0,
  ]);
});

test('events of the Windows event log have the names and sources of the taxonomy', () => {
  const event = {
    Event: {
      System: {
        Provider: { '#attributes': { Name: 'Prov' } },
        EventID: { '#text': 1 },
        Channel: 'Microsoft-Windows-Sysmon/Operational',
      },
      EventData: { Image: 'C:\\x.exe', 'Threat Name': 'y' },
    },
  };
  const text =
    'title: t\nlogsource: {category: process_creation, product: windows}\ndetection:\n' +
    "  s: {EventID: 1, Provider_Name: prov, Image|endswith: '\\x.exe', ThreatName: y}\n  condition: s";
  const { rules } = readRules([{ source: 't', text }]);
  expect(sigmaDetector(rules).detect(sigmaView(event))).toHaveLength(1);
  const other = { Event: { ...event.Event, System: { ...event.Event.System, EventID: 11 } } };
  expect(sigmaView(other).logsource.category).toEqual(['file_event']);
});
