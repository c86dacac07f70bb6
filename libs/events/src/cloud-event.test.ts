import { Problem } from '@tmws/problems';
import { cloudEventOf, parseTime } from './cloud-event.ts';
import { rfc3339 } from './kafka-binding.ts';

describe('times', () => {
  const second = 1_000_000_000n;
  const noon = BigInt(Date.parse('2026-03-01T12:00:00Z')) * 1_000_000n;

  test.each([
    ['2026-03-01T12:00:00Z', noon],
    ['2026-03-01t12:00:00z', noon],
    ['2026-03-01T12:00:00.5Z', noon + second / 2n],
    ['2026-03-01T12:00:00.000000001Z', noon + 1n],
    ['2026-03-01T12:00:00.123456789Z', noon + 123_456_789n],
    ['2026-03-01T14:30:00+02:30', noon],
    ['2026-03-01T00:00:00-12:00', noon],
    ['2024-02-29T00:00:00Z', BigInt(Date.parse('2024-02-29')) * 1_000_000n],
    ['1970-01-01T00:00:00Z', 0n],
    ['2199-12-31T23:59:59.999999999Z', 7_258_118_399_999_999_999n],
  ])('%s is read to the nanosecond', (text, ns) => {
    expect(parseTime(text, 'time')).toBe(ns);
    expect(parseTime(rfc3339(ns), 'time')).toBe(ns);
  });

  test.each([
    '',
    'yesterday',
    '1772366400',
    '2026-03-01',
    '2026-03-01 12:00:00Z',
    '2026-03-01T12:00Z',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00:00.Z',
    '2026-03-01T12:00:00.1234567891Z',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-10T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:00:00+24:00',
    '2026-03-01T12:00:00+0200',
    '+02026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z\n',
  ])('%j is no time, and the refusal shows it', (text) => {
    expect(() => parseTime(text, 'data.startedAt')).toThrow(
      new Problem(
        'invalid',
        `data.startedAt must be an RFC 3339 time like "2026-03-01T12:00:00.5Z" (got ${JSON.stringify(text)})`,
      ),
    );
  });

  test.each([
    '1969-12-31T23:59:59.9Z',
    '1970-01-01T00:59:59+01:00',
    '0001-01-01T00:00:00Z',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('%s is too far away', (text) => {
    expect(() => parseTime(text, 'time')).toThrow(new Problem('invalid', 'time must lie between 1970 and 2200'));
  });

  test('a hostile time is not repeated whole', () => {
    const message = ((): string => {
      try {
        return String(parseTime('9'.repeat(100_000), 'time'));
      } catch (error) {
        return (error as Problem).message;
      }
    })();
    expect(message.length).toBeLessThan(200);
  });
});

describe('attributes', () => {
  const attributes = { specversion: '1.0', id: 'e1', source: '/engine', type: 'tmws.step.started' };
  const event = (more: Record<string, string | undefined>, receivedNs = 5n) =>
    cloudEventOf({ ...attributes, ...more }, Buffer.from('{}'), receivedNs);

  test('what is absent takes its default: the time it was received, JSON, no namespace of its own', () => {
    expect(event({})).toEqual({
      id: 'e1',
      source: '/engine',
      type: 'tmws.step.started',
      subject: undefined,
      timeNs: 5n,
      dataContentType: 'application/json',
      namespace: undefined,
      traceparent: undefined,
      data: Buffer.from('{}'),
    });
  });

  test('a trace context is kept when it is one', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(event({ traceparent }).traceparent).toBe(traceparent);
    expect(event({ traceparent: 'x'.repeat(5000) }).traceparent).toBeUndefined();
  });

  test.each([
    [{ specversion: undefined }, 'specversion', 'the CloudEvents attribute specversion is missing; it must be "1.0"'],
    [{ specversion: '0.3' }, 'specversion', 'specversion must be "1.0" (got "0.3")'],
    [{ id: undefined }, 'id', 'the CloudEvents attribute id is missing; it must be a text that is not empty'],
    [{ id: '' }, 'id', 'the CloudEvents attribute id is missing; it must be a text that is not empty'],
    [{ source: '' }, 'source', 'the CloudEvents attribute source is missing; it must be a text that is not empty'],
    [{ type: undefined }, 'type', 'the CloudEvents attribute type is missing; it must be a text that is not empty'],
    [{ subject: '' }, 'subject', 'the CloudEvents attribute subject is missing; it must be a text that is not empty'],
    [{ id: 'x'.repeat(1025) }, 'id', 'id must be at most 1024 bytes'],
    [{ source: 'ü'.repeat(513) }, 'source', 'source must be at most 1024 bytes'],
    [{ id: 'a\0b' }, 'id', 'id must be Unicode text without NUL'],
    [{ subject: '\ud800' }, 'subject', 'subject must be Unicode text without NUL'],
    [{ time: '' }, 'time', 'time must be an RFC 3339 time like "2026-03-01T12:00:00.5Z" (got "")'],
    [
      { tmwsnamespace: 'Not A Label' },
      'namespace',
      'tmwsnamespace must be 1 to 63 characters of a-z, 0-9 and - (got "Not A Label")',
    ],
  ])('%j is refused by its name', (more, field, message) => {
    expect(() => event(more)).toThrow(expect.objectContaining({ kind: 'invalid', field, message }) as Error);
  });

  test('a received time beyond all years is refused too, as some producers count in microseconds', () => {
    expect(() => event({}, 1_772_366_400_000_000n * 1_000_000n)).toThrow('must lie between 1970 and 2200');
  });
});
