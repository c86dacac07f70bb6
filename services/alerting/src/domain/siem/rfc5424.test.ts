import fc from 'fast-check';
import { readSyslog } from '../../../test/read-syslog.ts';
import { formatSyslog, syslogFrame } from './rfc5424.ts';

const anyText = fc.string({
  unit: fc.constantFrom('a', 'ü', '\\', '"', ']', '[', '=', ' ', '\n', '😀', '\ufeff'),
  maxLength: 300,
});
const printable = fc.string({ unit: fc.constantFrom('a', '!', '~', '"', ']', '='), minLength: 1, maxLength: 30 });
const message = fc.record({
  facility: fc.nat(23),
  severity: fc.nat(7),
  timestamp: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }).map((date) => date.toISOString()),
  hostname: anyText,
  appName: anyText,
  procId: anyText,
  msgId: anyText,
  data: fc.array(fc.record({ id: fc.constant('tmws@32473'), params: fc.array(fc.tuple(fc.constantFrom('a', 'b'), anyText), { maxLength: 1 }) }), { maxLength: 1 }), // prettier-ignore
  message: anyText,
});

test('S1, S3, S4: whoever reads RFC 5424 gets back priority, time, structured data and text', () => {
  fc.assert(
    fc.property(message, (given) => {
      const read = readSyslog(formatSyslog(given));
      expect([read.facility, read.severity, read.timestamp]).toEqual([given.facility, given.severity, given.timestamp]);
      expect(read.message).toBe(given.message);
      expect(read.data).toEqual(Object.fromEntries(given.data.map(({ id, params }) => [id, Object.fromEntries(params)])));
    }),
  );
});

test('S2: names that are printable and short stay as they are, others are made so, and none is a dash', () => {
  fc.assert(
    fc.property(message, printable, (given, name) => {
      const read = readSyslog(formatSyslog({ ...given, hostname: name, appName: name, procId: name, msgId: name }));
      expect([read.hostname, read.appName, read.procId, read.msgId]).toEqual([name, name, name, name]);
    }),
  );
  const long = 'ü y'.repeat(200);
  const [given] = fc.sample(message, 1);
  const read = readSyslog(formatSyslog({ ...given!, hostname: long, appName: long, procId: long, msgId: long }));
  expect([read.hostname.length, read.appName.length, read.procId.length, read.msgId.length]).toEqual([255, 48, 128, 32]);
  expect(read.msgId).toMatch(/^__y__y/);
  expect(readSyslog(formatSyslog({ ...given!, hostname: '', procId: '' }))).toMatchObject({ hostname: '-', procId: '-' });
});

test('a name of structured data is made one', () => {
  const [given] = fc.sample(message, 1);
  const data = [{ id: 'my id]', params: [['a="b', 'x']] as const }];
  expect(readSyslog(formatSyslog({ ...given!, data })).data).toEqual({ my_id_: { a__b: 'x' } });
});

test('a frame says its length in octets, not in characters', () => {
  expect(syslogFrame('ü€😀').toString()).toBe('9 ü€😀');
});
