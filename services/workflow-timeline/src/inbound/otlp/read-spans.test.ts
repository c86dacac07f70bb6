import { fromBinary } from '@bufbuild/protobuf';
import { StepsReportedSchema } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import fc from 'fast-check';
import { reportsOf } from '../spans/reports-of-spans.ts';
import { parseBody, timeOf } from './json-values.ts';
import { readSpansJson } from './read-spans-json.ts';
import { readSpans } from './read-spans.ts';
import { packing, recordsOf } from './records-of-report.ts';
import { takeSpans } from './take-spans.ts';
import { jsonOf, protobufOf, type Request, requestOf, spanId } from './testing/requests.ts';
import { WireWriter } from './wire-writer.ts';
import { writeFacts } from './write-facts.ts';

const trace = '4a1b2c3d4e5f60718293a4b5c6d7e8f9';

const value: fc.Arbitrary<object> = fc.letrec<{ value: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }).map((text) => ({ value: { case: 'stringValue', value: text } })),
    fc.boolean().map((flag) => ({ value: { case: 'boolValue', value: flag } })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((whole) => ({ value: { case: 'intValue', value: whole } })),
    fc.integer().map((whole) => ({ value: { case: 'intValue', value: BigInt(whole) } })),
    fc.double().map((double) => ({ value: { case: 'doubleValue', value: double } })),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ value: { case: 'bytesValue', value: bytes } })),
    fc.constant({}),
    fc.array(tie('value'), { maxLength: 4 }).map((values) => ({ value: { case: 'arrayValue', value: { values } } })),
    fc
      .array(fc.record({ key: fc.string(), value: tie('value') }), { maxLength: 4 })
      .map((values) => ({ value: { case: 'kvlistValue', value: { values } } })),
  ),
})).value;
const attributes = fc.array(fc.record({ key: fc.string({ maxLength: 20 }), value }), { maxLength: 5 });
const id = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((some) => (some[0] === 0 ? some.fill(7) : some));
const ns = fc.oneof(
  { weight: 9, arbitrary: fc.bigInt({ min: 0n, max: 7n * 10n ** 18n }) },
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const count = fc.nat({ max: 99 });
const anySpan = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.oneof(id(8), fc.constant(new Uint8Array())),
  traceState: fc.string(),
  name: fc.string({ unit: 'grapheme' }),
  kind: fc.nat({ max: 5 }),
  startTimeUnixNano: ns.map((time) => time || 1n),
  endTimeUnixNano: ns,
  attributes,
  droppedAttributesCount: count,
  events: fc.array(fc.record({ timeUnixNano: ns, name: fc.string(), attributes }), { maxLength: 2 }),
  droppedEventsCount: count,
  links: fc.array(fc.record({ traceId: id(16), spanId: id(8), attributes }), { maxLength: 2 }),
  droppedLinksCount: count,
  status: fc.option(fc.record({ code: fc.nat({ max: 2 }), message: fc.string() }), { nil: undefined }),
  flags: fc.nat({ max: 300 }),
});
const anyRequest: fc.Arbitrary<Request> = fc
  .array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(fc.record({ spans: fc.array(anySpan, { maxLength: 2 }), schemaUrl: fc.string() }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  )
  .map((resourceSpans) => ({ resourceSpans }) as Request);

test('protobuf written by the generic encoder is read from the wire as the same spans that JSON tells', () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const json = Buffer.from(JSON.stringify(jsonOf(request)));
      expect(readSpans(protobufOf(request))).toEqual(readSpansJson(json));
    }),
    { numRuns: 100 },
  );
});

test('facts are written as the generic encoder would: they come back as they were', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyRequest, (request) => {
      for (const { reported } of reportsOf(
        readSpans(protobufOf(request)).traced,
        () => 'default',
        () => undefined,
      )) {
        const bytes = Buffer.concat(writeFacts(reported, new WireWriter()));
        const read = fromBinary(StepsReportedSchema, bytes);
        compared += read.facts.length;
        expect(read.facts.map(withDefaults)).toEqual(structuredClone(reported.facts).map(withDefaults));
      }
    }),
    { numRuns: 100 },
  );
  expect(compared).toBeGreaterThan(20);
});

/** A name that is the id's, and the first attempt, are left out on the wire. */
function withDefaults({ data, ...fact }: { data: { value?: unknown } }): unknown {
  const step = data.value as { name?: string; stepId?: string; attempt?: number };
  const more = step.stepId === undefined ? {} : { name: step.name === '' ? step.stepId : step.name, attempt: step.attempt || 1 };
  // A number of an attribute is a double on the wire: minus zero comes back, as JSON has it.
  return JSON.parse(
    JSON.stringify({ ...fact, data: { ...data, value: { ...step, ...more } } }, (_, inner: unknown) =>
      typeof inner === 'bigint' ? String(inner) : inner,
    ),
  );
}

test('ids are hex of either case, enums integers, 64-bit numbers texts or numbers, unknown fields are passed over', () => {
  const span = {
    traceId: trace.toUpperCase(),
    spanId: '00000000000000AB',
    kind: 3,
    startTimeUnixNano: '1770000000000000001',
    endTimeUnixNano: 'END',
    end_time_unix_nano: 5,
    attributes: [
      { key: 'n', value: { intValue: 7 } },
      { key: 'm', value: { intValue: '9007199254740993' } },
    ],
    news: { from: 'tomorrow' },
  };
  const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).replace('"END"', '1770000000000000123');
  expect(readSpansJson(Buffer.from(text)).traced[0]?.spans[0]).toMatchObject({
    traceId: trace,
    spanId: '00000000000000ab',
    kind: 'client',
    startNs: 1_770_000_000_000_000_001n,
    endNs: 1_770_000_000_000_000_123n,
    attributes: new Map<string, unknown>([
      ['n', 7],
      ['m', '9007199254740993'],
    ]),
  });
  expect(timeOf('yesterday')).toBe(-1n);
  expect(() => parseBody(Buffer.from('[]'))).toThrow('the body must be a JSON object');
});

test('spans that cannot be right are refused with their reasons, and the rest is taken', async () => {
  const bad = (more: object) => ({ trace, id: spanId(9), name: 'bad', ...more });
  const request = requestOf([
    { trace, id: spanId(1) },
    bad({ trace: '00'.repeat(16) }),
    bad({ trace: 'ab' }),
    bad({ id: '' }),
    bad({ parent: 'ab' }),
    bad({ start: 0n, end: 0n }),
    bad({ start: 8_000_000_000_000_000_000n }),
    { trace, id: spanId(2), name: '' },
  ]);
  const { records, outcome } = await takeSpans(readSpans(protobufOf(request)), { namespace: 'default' });
  expect(outcome).toMatchObject({ accepted: 2, rejected: 6 });
  expect(outcome.message).toBe(
    '6 of 8 spans were not accepted: ' +
      `span "bad" (${spanId(9)}): its trace id must be 16 bytes that are not all zero (got "${'00'.repeat(16)}"); ` +
      `span "bad" (${spanId(9)}): its trace id must be 16 bytes that are not all zero (got "ab"); ` +
      'span "bad" (): its span id must be 8 bytes that are not all zero (got none); and 3 more',
  );
  expect(records).toHaveLength(1);
  const facts = fromBinary(StepsReportedSchema, records[0]!.value!).facts;
  expect(facts.map(({ id: of, type }) => `${of} ${type.slice(5)}`)).toEqual([
    `${spanId(1)} step.completed`,
    `${spanId(1)}/execution execution.completed`,
    `${spanId(2)} step.completed`,
    `${spanId(2)}/execution execution.completed`,
  ]);
});

test('the same request makes the same events; a wrong namespace refuses its spans', async () => {
  const bytes = protobufOf(requestOf([{ trace, id: spanId(1) }], { 'service.name': 'my service' }));
  const [first, again] = await Promise.all([
    takeSpans(readSpans(bytes), { namespace: 'default' }),
    takeSpans(readSpans(bytes), { namespace: 'default' }),
  ]);
  expect(first.records[0]?.headers).toEqual(again.records[0]?.headers);
  expect(first.records[0]?.headers).toMatchObject({ ce_source: '/otlp/my%20service', ce_tmwsnamespace: 'default' });
  const named = requestOf([{ trace, id: spanId(1) }], { 'tmws.namespace': 'Not_One' });
  const { outcome } = await takeSpans(readSpans(protobufOf(named)), { namespace: 'default' });
  expect(outcome.message).toContain('the resource attribute tmws.namespace must be 1 to 63 characters of a-z, 0-9 and -');
});

test('an execution is the trace, unless the resource or every span that came along says which', async () => {
  const said = (execution: string) => ({ attributes: { 'tmws.execution.id': execution } });
  const subjects = async (request: Request): Promise<unknown[]> =>
    (await takeSpans(readSpans(protobufOf(request)), { namespace: 'default' })).records.map(({ headers }) => headers.ce_subject);
  const [one, two] = [
    { trace, id: spanId(1) },
    { trace, id: spanId(2), parent: spanId(1) },
  ];
  expect(await subjects(requestOf([{ ...one, ...said('run-1') }, two]))).toEqual([trace]);
  expect(
    await subjects(
      requestOf([
        { ...one, ...said('run-1') },
        { ...two, ...said('run-1') },
      ]),
    ),
  ).toEqual(['run-1']);
  expect(await subjects(requestOf([one, two], { 'tmws.execution.id': 'run-2' }))).toEqual(['run-2']);
});

test('what is larger than a record goes into several, and a span that fits into none is refused', async () => {
  const long = 'x'.repeat(60_000);
  const spans = Array.from({ length: 40 }, (_, i) => ({ trace, id: spanId(i + 1), parent: spanId(99), attributes: { long } }));
  const huge = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`long ${i}`, `${long}${i}`]));
  const request = requestOf([...spans, { trace, id: spanId(77), parent: spanId(99), name: 'huge', attributes: huge }]);
  const { records, outcome } = await takeSpans(readSpans(protobufOf(request)), { namespace: 'default' });
  expect(records).toHaveLength(3);
  expect(records.every(({ value: data }) => data!.length < 1024 * 1024)).toBe(true);
  expect(outcome).toMatchObject({ accepted: 40, rejected: 1 });
  expect(outcome.message).toContain('a record holds 1040384');
});

test('credentials do not get through, wherever a span has them', async () => {
  const secret = 'sk-abcdefghijklmnopqrstuv';
  const bytes = protobufOf(
    requestOf(
      [
        {
          trace,
          id: spanId(1),
          name: `call with ${secret}`,
          error: `password=${secret}`,
          attributes: { 'db.password': 'hunter2-hunter2', header: `Bearer ${secret}`, 'gen_ai.prompt': `use ${secret}` },
        },
      ],
      { 'api.key': 'hunter2-hunter2', 'process.command_line': `run --token=${secret}` },
    ),
  );
  const { records } = await takeSpans(readSpans(bytes), { namespace: 'default' });
  const written = records.map(({ value: data }) => data!.toString('latin1')).join('');
  expect(written).toContain('redacted');
  expect(written).not.toMatch(/hunter2|abcdefghijkl/);
});

test('a span told twice in one request is two facts; a refused span leaves no fact', () => {
  const [report] = reportsOf(
    readSpans(
      protobufOf(
        requestOf([
          { trace, id: spanId(1), end: 0n },
          { trace, id: spanId(1) },
        ]),
      ),
    ).traced,
    () => 'default',
    () => undefined,
  );
  expect(report?.reported.facts.map(({ id: of, type }) => `${of} ${type}`)).toEqual([
    '0000000000000001 tmws.step.started',
    '0000000000000001/execution tmws.execution.started',
    '0000000000000001.2 tmws.step.completed',
    '0000000000000001.2/execution tmws.execution.completed',
  ]);
  expect(recordsOf(report!, packing())).toHaveLength(1);
});

describe('ten thousand broken requests are read or refused by name', () => {
  const good = requestOf(
    [
      { trace, id: spanId(1), attributes: { 'gen_ai.operation.name': 'chat', list: ['a', 1, [true]], 'tmws.step.path': ['p'] } },
      { trace, id: spanId(2), parent: spanId(1), error: 'no', links: [{ trace, id: spanId(1) }] },
    ],
    { 'service.name': 's', 'tmws.namespace': 'n' },
  );
  const came = { taken: 0, refused: 0 };
  const tried = async (read: () => ReturnType<typeof readSpans>): Promise<void> => {
    try {
      const { records, outcome } = await takeSpans(read(), { namespace: 'default' });
      expect(records.length <= outcome.accepted).toBe(true);
      came.taken++;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'internal') throw error;
      came.refused++;
    }
  };
  const broken = (bytes: Buffer): fc.Arbitrary<Buffer> =>
    fc
      .array(
        fc.tuple(
          fc.nat({ max: bytes.length - 1 }),
          fc.nat({ max: 255 }),
          fc.constantFrom('set', 'cut', 'insert', 'drop', 'double'),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((changes) => changes.reduce((now, [at, byte, how]) => changedAt(now, at, byte, how), bytes));
  beforeEach(() => Object.assign(came, { taken: 0, refused: 0 }));

  test('protobuf', async () => {
    await fc.assert(
      fc.asyncProperty(broken(protobufOf(good)), (bytes) => tried(() => readSpans(bytes))),
      { numRuns: 10_000 },
    );
    expect(Math.min(came.taken, came.refused)).toBeGreaterThan(100);
  }, 60_000);

  test('JSON', async () => {
    await fc.assert(
      fc.asyncProperty(broken(Buffer.from(JSON.stringify(jsonOf(good)))), (bytes) => tried(() => readSpansJson(bytes))),
      { numRuns: 10_000 },
    );
    expect(Math.min(came.taken, came.refused)).toBeGreaterThan(100);
  }, 60_000);

  test('JSON of another shape', async () => {
    const other = fc.jsonValue({ maxDepth: 3 });
    const shaped = fc.tuple(other, other, other).map(([a, b, c]) => ({
      resourceSpans: [{ scopeSpans: [{ spans: [a, { traceId: trace, spanId: b, attributes: c, events: b, links: c }] }, a] }, b],
    }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(other, shaped), (body) => tried(() => readSpansJson(Buffer.from(JSON.stringify(body))))),
      { numRuns: 2000 },
    );
    expect(came.refused).toBeGreaterThan(100);
  });
});

function changedAt(bytes: Buffer, at: number, byte: number, how: string): Buffer {
  const place = Math.min(at, bytes.length);
  if (how === 'cut') return bytes.subarray(0, place);
  if (how === 'drop') return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (byte % 9))]);
  if (how === 'insert') return Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)]);
  if (how === 'double') return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place >> 1)]);
  const changed = Buffer.from(bytes);
  if (place < changed.length) changed[place] = byte;
  return changed;
}

test('lists and depths nobody needs are cut off, not followed', () => {
  let nested: Buffer = Buffer.alloc(0);
  for (let i = 0; i < 5000; i++) nested = wrapped(0x2a, wrapped(0x0a, nested));
  const attribute = wrapped(0x4a, Buffer.concat([wrapped(0x0a, Buffer.from('deep')), wrapped(0x12, nested)]));
  const span = Buffer.concat([wrapped(0x0a, Buffer.from(trace, 'hex')), wrapped(0x12, Buffer.alloc(8, 1)), attribute]);
  const bytes = wrapped(0x0a, wrapped(0x12, wrapped(0x12, span)));
  const read = JSON.stringify(readSpans(bytes).traced[0]?.spans[0]?.attributes.get('deep'));
  expect(read).toContain('[too deep]');
  expect(read.length).toBeLessThan(100);
  expect(readSpans(wrapped(0x0a, wrapped(0x12, Buffer.alloc(200_000, Buffer.from([0x12, 0x00]))))).tooShort).toBe(100_000);
});

function wrapped(tag: number, bytes: Buffer): Buffer {
  const writer = new WireWriter();
  writer.bytes(tag, bytes);
  return writer.bytesFrom(0);
}
