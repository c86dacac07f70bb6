import fc from 'fast-check';
import type { Alert } from '../alert.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { dataValue, notificationData } from './notification-data.ts';
import { TemplateFault } from './template-fault.ts';
import { templateSet } from './template-set.ts';

const nowMs = Date.UTC(2026, 10, 22, 12);
const alert = (labels: Record<string, string>, more: Partial<Alert> = {}): Alert => ({
  fingerprint: fingerprintOf(labels),
  labels,
  annotations: { summary: 'It is <b>down</b>' },
  startsAtMs: Date.UTC(2026, 10, 22, 10, 0, 0, 123),
  endsAtMs: nowMs + 1,
  updatedAtMs: nowMs,
  timeout: true,
  generatorUrl: 'http://prom/graph?a=b&c=d+e',
  ...more,
});
const alerts = [
  alert({ alertname: 'Down', job: 'api', severity: 'critical', instance: 'a:1' }),
  alert({ alertname: 'Down', job: 'api', severity: 'critical', instance: 'b:2' }, { endsAtMs: nowMs - 1 }),
];
const group = { receiver: 'r', groupLabels: { alertname: 'Down', job: 'api' }, externalUrl: 'http://am.example/x' };
const data = dataValue(notificationData(group, alerts, nowMs));
const set = templateSet([]);
const render = (text: string, html = false) => set.render(text, data, nowMs, { html });

/** What `amtool template render` of 0.28.1 says to the same text and data. */
test.each([
  ['{{ .CommonLabels }}', 'alertname=Down, job=api, severity=critical'],
  ['{{ .CommonLabels.SortedPairs.Values }}', '[Down api critical]'],
  ['{{ .CommonLabels.Remove (stringSlice "job" "severity") }}', 'alertname=Down'],
  ['{{ .CommonLabels.nope }}|', '|'],
  ['{{ .Alerts.Firing | len }} of {{ len .Alerts }}', '1 of 2'],
  ['{{ range $i, $a := .Alerts }}{{ if $i }}, {{ end }}{{ $a.Labels.instance }}{{ end }}', 'a:1, b:2'],
  ['{{ range $k, $v := .GroupLabels }}{{ $k }}={{ $v }};{{ end }}', 'alertname=Down;job=api;'],
  ['{{ range .Alerts }}{{ if eq .Status "firing" }}{{ continue }}{{ end }}{{ .Status }}{{ end }}', 'resolved'],
  ['{{ range stringSlice }}a{{ else }}none{{ end }}', 'none'],
  ['{{ if .CommonLabels.nope }}a{{ else if eq 1 1 }}b{{ else }}c{{ end }}', 'b'],
  ['{{ with .CommonLabels.nope }}a{{ else with .Status }}{{ . }}{{ end }}', 'firing'],
  ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
  ['{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}', '1'],
  ['a {{- /* c */ -}} b', 'ab'],
  ['a\n{{- "x" -}}\n b', 'axb'],
  ['{{ `raw "x"` }}{{ "\\t" }}', 'raw "x"\t'],
  ['{{ print 1 2 "a" 3 4 }}', '1 2a3 4'],
  ['{{ printf "%-5s|%05d|%.2f|%q|%v|%x|%%" "a" 42 1.256 "q" true 255 }}', 'a    |00042|1.26|"q"|true|ff|%'],
  ['{{ printf "%d %s" "x" 3 }}', '%!d(string=x) %!s(int=3)'],
  ['{{ printf "%d" }} {{ printf "a" 1 }}', '%!d(MISSING) a%!(EXTRA int=1)'],
  ['{{ or "" "b" "c" }} {{ and 1 0 2 }} {{ not 1 }}', 'b 0 false'],
  ['{{ title "hello wORLD it\'s foo-bar" }}', "Hello World It's Foo-Bar"],
  ['{{ stringSlice "a" "b" | join "-" | toUpper }}', 'A-B'],
  ['{{ reReplaceAll "(?P<x>a)" "<${x}>" "abab" }} {{ reReplaceAll "a*" "-" "baac" }}', '<a>b<a>b -b-c-'],
  ['{{ match "^a.*z$" "abcz" }}', 'true'],
  ['{{ (index .Alerts 0).StartsAt }}', '2026-11-22 10:00:00.123 +0000 UTC'],
  ['{{ (index .Alerts 0).EndsAt }}', '0001-01-01 00:00:00 +0000 UTC'],
  [
    '{{ (index .Alerts 0).StartsAt | tz "Europe/Berlin" | date "Mon Jan _2 15:04:05 2006 MST -0700" }}',
    'Sun Nov 22 11:00:00 2026 CET +0100',
  ],
  ['{{ humanizeDuration 3661.5 }} {{ humanizeDuration 0.0125 }} {{ humanizeDuration 90061 }}', '1h 1m 1s 12.5ms 1d 1h 1m 1s'],
  ['{{ since (index .Alerts 0).StartsAt }}', '1h59m59.877s'],
  ['{{ define "a" }}[{{ . }}]{{ end }}{{ template "a" .Status }}{{ template "a" }}', '[firing][<no value>]'],
  ['{{ block "b" .Status }}<{{ . }}>{{ end }}', '<firing>'],
  ['{{ template "slack.default.title" . }}', '[FIRING:1] Down api (critical)'],
  ['{{ template "slack.default.titlelink" . }}', 'http://am.example/x/#/alerts?receiver=r'],
])('%s is %j', (text, expected) => {
  expect(render(text)).toBe(expected);
});

test.each([
  ['{{ foo }}', 'template "", line 1: function "foo" is not defined'],
  ['a\n\n{{ .Foo }}', `template "", line 3: can't evaluate field Foo in type template.Data`],
  ['{{ if true }}\n', 'template "", line 1: {{if}} has no {{end}}'],
  ['\n{{ end }}', 'template "", line 2: {{end}} has no {{if}}, {{range}}, {{with}} or {{define}} before it'],
  ['{{ template "nope" }}', 'template "", line 1: template "nope" is not defined'],
  ['{{ index .Alerts 5 }}', 'error calling index: index out of range: 5 of 2'],
  ['{{ eq "a" 1 }}', 'error calling eq: eq cannot compare string with int'],
  ['{{ $x }}', 'undefined variable $x'],
  ['{{ .Status', 'an action is not closed'],
  ['{{ range .Status }}{{ end }}', `range can't iterate over string`],
  ['{{ match "(" "x" }}', 'error calling match: error parsing regexp: missing closing )'],
  ['{{ break }}', '{{break}} stands outside of {{range}}'],
  ['{{ tz "Mars/X" (index .Alerts 0).StartsAt }}', 'tz needs an IANA time zone'],
])('%j is refused: %s', (text, reason) => {
  expect(() => render(text)).toThrow(TemplateFault);
  expect(() => render(text)).toThrow(reason);
});

test.each([
  ['itself', '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}', /call each other more than 100 deep/],
  [
    'many of itself',
    '{{ define "a" }}{{ template "a" . }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
    /more than 100 deep/,
  ],
  ['a long count', '{{ range 999999999999 }}x{{ end }}', /takes more than 1000000 steps/],
  ['counts within counts', `${'{{ range 1000 }}'.repeat(4)}${'{{ end }}'.repeat(4)}`, /takes more than/],
  [
    'a text doubled again and again',
    `{{ $x := "0123456789" }}${'{{ $x = print $x $x }}'.repeat(60)}{{ $x }}`,
    /longer than 1048576/,
  ],
  ['a wide printf', '{{ range 100000 }}{{ printf "%9999d" 1 }}{{ end }}', /longer than 1048576|more than 1000000 steps/],
  [
    'replacement that grows',
    `{{ $x := "aaaaaaaaaa" }}${'{{ $x = reReplaceAll "a" "aaaaaaaaaa" $x }}'.repeat(12)}`,
    /longer than|more than/,
  ],
  ['parentheses', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`, /more than 200 deep/],
  ['conditions', `${'{{ if true }}'.repeat(5000)}${'{{ end }}'.repeat(5000)}`, /more than 200 deep/],
])('T1 a template that would not end is stopped: %s', (_, text, reason) => {
  expect(() => render(text)).toThrow(reason);
});

test('T1 whatever the text, there is an answer or a TemplateFault', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    ' ',
    '.',
    '$x',
    ':=',
    '|',
    '(',
    ')',
    'if',
    'end',
    'range',
    '"a"',
    '1',
    'len',
    'printf',
    '.Alerts',
    'else',
    '-',
    '/*',
    '*/',
    'define',
    'template',
    '\n',
    'with',
    ',',
    '`',
    "'",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, html) => {
      try {
        expect(typeof render(pieces.join(''), html)).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateFault);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['{{ .CommonAnnotations.summary }}', 'It is &lt;b&gt;down&lt;/b&gt;'],
  ['{{ .CommonAnnotations.summary | safeHtml }}', 'It is <b>down</b>'],
  ['<p title="{{ "\\" onclick=x" }}">', '<p title="&#34; onclick=x">'],
  ['<a href="{{ "javascript:alert(1)" }}">x</a>', '<a href="#refused-address">x</a>'],
  ['<a href="{{ (index .Alerts 0).GeneratorURL }}">x</a>', '<a href="http://prom/graph?a=b&amp;c=d&#43;e">x</a>'],
  ['<a href="/x?q={{ "a b&c" }}">', '<a href="/x?q=a%20b%26c">'],
  ['<!-- {{ .Status }} -->a', 'a'],
  ['<td class={{ "a b" }}>', '<td class=a&#32;b>'],
  ['plain & <b>text</b>', 'plain & <b>text</b>'],
])('T2 in HTML %s is %s', (text, expected) => {
  expect(render(text, true)).toBe(expected);
});

test.each([
  '<script>{{ .Status }}</script>',
  '<b onclick="{{ .Status }}">',
  '<{{ .Status }}>',
  '<b {{ .Status }}="x">',
  '<p style="{{ .Status }}">',
])('T2 a value has no place in %s', (text) => {
  expect(() => render(text, true)).toThrow(TemplateFault);
});

test('T2 no value adds a tag or leaves its attribute', () => {
  const nasty = fc.array(
    fc.constantFrom('<', '>', '"', "'", '&', ' ', 'a', '=', '`', '/', 'javascript:', '<!--', '-->', '</title>'),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(nasty, (parts) => {
      const value = dataValue(notificationData({ ...group, receiver: parts.join('') }, alerts, nowMs));
      const out = set.render('<p title="{{ .Receiver }}" id={{ .Receiver }}x>{{ .Receiver }}</p>', value, nowMs, { html: true });
      expect(out).toMatch(/^<p title="[^"<>]*" id=[^\s"'<>=`]*x>[^<>]*<\/p>$/);
    }),
  );
});

test('the mail of a group names its alerts and escapes what they say', () => {
  const mail = render('{{ template "email.default.html" . }}', true);
  expect(mail).toContain('1 firing');
  expect(mail).toContain('1 resolved');
  expect(mail).toContain('It is &lt;b&gt;down&lt;/b&gt;');
  expect(mail).toContain('href="http://am.example/x/#/alerts?receiver=r"');
  expect(render('{{ template "email.default.text" . }}')).toContain('instance: a:1\n');
});

test('a file defines a name anew, for all templates that use it, and its faults name it', () => {
  const own = templateSet([{ name: 'mine.tmpl', text: '{{ define "__subject" }}mine {{ .Receiver }}{{ end }}' }]);
  expect(own.render('{{ template "slack.default.title" . }}', data, nowMs)).toBe('mine r');
  expect(() => templateSet([{ name: 'mine.tmpl', text: '\n{{ nope }}' }])).toThrow(
    'template "mine.tmpl", line 2: function "nope" is not defined',
  );
});
