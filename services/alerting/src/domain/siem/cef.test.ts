import fc from 'fast-check';
import { readCef } from '../../../test/read-cef.ts';
import { doc, docAlert, notification } from '../../../test/sent-notification.ts';
import { cefEvent, formatCef, plain } from './cef.ts';
import { siemAlerts } from './siem-alert.ts';

const anyText = fc.string({
  unit: fc.constantFrom('a', 'ü', '\\', '|', '=', '\n', '\r', '\t', ' ', '"', 'msg=', '\u0000', '😀'),
});
const oneLine = (text: string): string => plain(text.replace(/\r\n|\r|\n/g, ' '));
const keepingLines = (text: string): string => text.split(/([\r\n])/).map((each) => (/^[\r\n]$/.test(each) ? each : plain(each))).join(''); // prettier-ignore

test('C1-C4: whoever reads CEF as ArcSight says gets back what went in', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 5, maxLength: 5 }), fc.array(anyText, { maxLength: 5 }), (texts, values) => {
      const [vendor = '', product = '', version = '', signature = '', name = ''] = texts;
      const extension = values.map((value, n): [string, string] => [`key${n}`, value]);
      const read = readCef(formatCef({ vendor, product, version, signature, name, severity: 7, extension }));
      expect(read.header).toEqual(['0', ...texts.map(oneLine), '7']);
      expect(read.extension).toEqual(
        Object.fromEntries(extension.filter(([, value]) => value !== '').map(([key, value]) => [key, keepingLines(value)])),
      );
    }),
  );
});

const of = (labels: Record<string, string>, more = {}) =>
  cefEvent(siemAlerts(notification(), doc({ alerts: [docAlert(labels, more)] }))[0]!);

test.each([
  ['debug', 0],
  ['info', 3],
  ['notice', 4],
  ['warning', 6],
  ['error', 7],
  ['critical', 8],
  ['CRITICAL', 8],
  ['alert', 9],
  ['emergency', 10],
  ['page', 5],
  ['', 5],
])('the severity %j is %i in CEF', (severity, expected) => {
  expect(of({ alertname: 'Down', severity }).severity).toBe(expected);
});

test('an alert in CEF has the keys of the dictionary, and an IPv6 address its own', () => {
  const read = readCef(
    formatCef(
      of(
        { alertname: 'Exfiltration', rule_id: 'ATR-1', rule: 'Data leaves', user: 'ann', source_ip: '2001:db8::7' },
        {
          annotations: { summary: 'It leaves', description: 'to = elsewhere\nnow' },
          status: 'resolved',
          endsAt: '2026-11-22T12:01:00Z',
        },
      ),
    ),
  );
  expect(read.header.slice(4, 6)).toEqual(['ATR-1', 'Exfiltration']);
  expect(read.extension).toMatchObject({
    ...{ suser: 'ann', c6a2: '2001:db8::7', c6a2Label: 'Source IPv6 Address', act: 'resolved', cat: 'security' },
    ...{ start: String(Date.UTC(2026, 10, 22, 11, 59)), end: String(Date.UTC(2026, 10, 22, 12, 1)), cs4: 'Data leaves' },
    ...{ externalId: notification().id, cs2: '0123456789abcdef', msg: 'It leaves\nto = elsewhere\nnow' },
  });
  expect(read.extension).not.toHaveProperty('src');
});

test('texts are cut to what the dictionary allows', () => {
  const { name, extension } = of(
    { alertname: 'n'.repeat(2000), user: 'u'.repeat(2000) },
    { annotations: { summary: 'm'.repeat(9000) } },
  );
  const lengths = Object.fromEntries(extension.map(([key, value]) => [key, value.length]));
  expect([name.length, lengths.suser, lengths.msg, lengths.cs3]).toEqual([512, 1023, 1023, 4000]);
});
