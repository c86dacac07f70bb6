// OpenTelemetry's own exporters, and clients that behave badly, against the two doors; what came of it is asked for over gRPC.
import { gzipSync } from 'node:zlib';
import { fromBinary } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { ExportTraceServiceResponseSchema, RpcStatusSchema } from '@tmws/contracts/otlp';
import { eventually } from '@tmws/testkit';
import { jsonOf, protobufOf, requestOf, spanId, type SpanInit, t0, traceId } from '../src/inbound/otlp/testing/requests.ts';
import { type Servers, startTimeline } from './start-timeline.ts';

const tracePath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const second = 1_000_000_000n;

export function otlpContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let nowMs = Date.now();
  let client: Client;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs, { TIMELINE_TRACE_IDLE: '1s' });
    client = new Client(timeline.otlpGrpc, credentials.createInsecure(), { 'grpc.max_receive_message_length': -1 });
  }, 60_000);
  afterAll(async () => {
    client.close();
    await timeline.stop();
  }, 30_000);

  const get = async (id: string) => (await timeline.client.getExecution({ id }, timeline.options)).execution!;
  const rows = async (id: string) => (await timeline.client.getTimeline({ id }, timeline.options)).rows;
  const stored = (id: string, stepCount: number, status?: string) =>
    eventually(async () => {
      const execution = await get(id);
      expect(execution.stepCount).toBe(stepCount);
      if (status !== undefined) expect(execution.status).toBe(status);
      return execution;
    });
  const post = async (body: Buffer | string, headers: Record<string, string> = {}, path = '/v1/traces', method = 'POST') => {
    const answer = await fetch(`${timeline.otlpHttp}${path}`, {
      method,
      headers: { 'content-type': 'application/x-protobuf', 'x-tmws-namespace': timeline.namespace, ...headers },
      ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const send = async (spans: readonly SpanInit[], resource = {}): Promise<void> => {
    expect(await post(protobufOf(requestOf(spans, resource)))).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  };
  const call = (bytes: Buffer, path = tracePath): Promise<Buffer> => {
    const metadata = new Metadata();
    metadata.set('x-tmws-namespace', timeline.namespace);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Buffer): void => {
        if (error === null) resolve(answer ?? Buffer.alloc(0));
        else reject(error);
      };
      client.makeUnaryRequest(
        path,
        (b: Buffer) => b,
        (b: Buffer) => b,
        bytes,
        metadata,
        { deadline: Date.now() + 20_000 },
        done,
      );
    });
  };

  const exporters: readonly [string, () => SpanExporter][] = [
    ['exporter-trace-otlp-grpc', () => new GrpcExporter({ url: `http://${timeline.otlpGrpc}` })],
    ['exporter-trace-otlp-grpc with gzip', () => new GrpcExporter({ url: `http://${timeline.otlpGrpc}`, compression: gzip })],
    ['exporter-trace-otlp-proto', () => new ProtobufExporter({ url: `${timeline.otlpHttp}/v1/traces` })],
    [
      'exporter-trace-otlp-proto with gzip',
      () => new ProtobufExporter({ url: `${timeline.otlpHttp}/v1/traces`, compression: gzip }),
    ],
    ['exporter-trace-otlp-http', () => new JsonExporter({ url: `${timeline.otlpHttp}/v1/traces` })],
    ['exporter-trace-otlp-http with gzip', () => new JsonExporter({ url: `${timeline.otlpHttp}/v1/traces`, compression: gzip })],
  ];

  test.each(exporters)('what %s sends, unmodified, is an execution with its steps', async (_, make) => {
    const resource = resourceFromAttributes({
      'service.name': 'planner',
      'service.instance.id': 'pod-3',
      'service.version': '1.4',
      'tmws.namespace': timeline.namespace,
    });
    const spanProcessors = [new BatchSpanProcessor({ exporter: make() })];
    const provider = new TracerProvider({ resource, spanProcessors });
    const tracer = provider.getTracer('test');
    const root = tracer.startSpan('POST /ask', { attributes: { 'gen_ai.workflow.name': 'research' } });
    const within = trace.setSpan(context.active(), root);
    const chat = tracer.startSpan('chat m', { kind: SpanKind.CLIENT, attributes: genAiChat }, within);
    chat.end();
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' };
    const tool = tracer.startSpan('execute_tool search', { attributes, links: [{ context: chat.spanContext() }] }, within);
    tool.recordException(new TypeError('no such index'));
    tool.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed' });
    tool.end();
    root.end();
    await provider.shutdown();

    const execution = await stored(root.spanContext().traceId, 3, 'completed');
    expect(execution).toMatchObject({ name: 'POST /ask', workflow: { name: 'research', version: '1.4' } });
    const found = await rows(execution.id);
    const row = (key: string) => found.find(({ stepKey }) => stepKey === key);
    expect(row(root.spanContext().spanId)).toMatchObject({ kind: 'task', name: 'POST /ask' });
    expect(row(chat.spanContext().spanId)).toMatchObject({ kind: 'llm', name: 'chat m' });
    expect(row(tool.spanContext().spanId)).toMatchObject({
      kind: 'tool',
      stepId: 'search',
      status: 'failed',
      dependsOn: [chat.spanContext().spanId],
      attempts: [{ pool: 'planner', worker: 'pod-3', error: { type: 'TypeError', message: 'no such index' } }],
    });
  });

  test('JSON and protobuf, gRPC and HTTP bring the same', async () => {
    const ids = [traceId(), traceId(), traceId()] as const;
    const [a, b, c] = ids.map((id) =>
      requestOf([
        { trace: id, id: spanId(1) },
        { trace: id, id: spanId(2), parent: spanId(1) },
      ]),
    );
    await post(protobufOf(a!));
    await call(protobufOf(b!));
    expect(await post(JSON.stringify(jsonOf(c!)), json)).toMatchObject({ status: 200, body: Buffer.from('{}') });
    const [one, ...others] = await Promise.all(ids.map(async (id) => (await stored(id, 2), shapeOf(await rows(id)))));
    for (const other of others) expect(other).toEqual(one);
  });

  test('a request sent again changes nothing', async () => {
    const id = traceId();
    await send([{ trace: id, id: spanId(1) }]);
    const { revision } = await stored(id, 1, 'completed');
    await send([{ trace: id, id: spanId(1) }]);
    const after = traceId();
    await send([{ trace: after, id: spanId(1) }]);
    await stored(after, 1);
    expect((await get(id)).revision).toBe(revision);
  });

  test('a child may come before its parent, a start before its end, a clock may be wrong, an end before its start', async () => {
    const id = traceId();
    await send([{ trace: id, id: spanId(3), parent: spanId(2), start: t0 - 5n * second, end: t0 - 6n * second }]);
    await send([{ trace: id, id: spanId(2), parent: spanId(1), end: 0n }]);
    expect((await stored(id, 2)).status).toBe('running');
    await send([{ trace: id, id: spanId(2), parent: spanId(1), end: t0 + second }]);
    await send([{ trace: id, id: spanId(1), end: t0 + 2n * second }]);
    const execution = await stored(id, 3, 'completed');
    expect(execution.finishedAtNs).toBe(t0 + 2n * second);
    const found = await rows(id);
    expect(found.find(({ stepKey }) => stepKey === spanId(3))).toMatchObject({ parentStepKey: spanId(2), status: 'completed' });
    expect(found.find(({ stepKey }) => stepKey === spanId(2))).toMatchObject({ parentStepKey: spanId(1), status: 'completed' });
  });

  test('a trace without its root runs, is unknown after silence, and runs again when a late span comes', async () => {
    const id = traceId();
    await send([{ trace: id, id: spanId(2), parent: spanId(1) }]);
    await stored(id, 1, 'running');
    nowMs += 2000;
    await stored(id, 1, 'unknown');
    await send([{ trace: id, id: spanId(3), parent: spanId(1) }]);
    await stored(id, 2, 'running');
    await send([{ trace: id, id: spanId(1) }]);
    await stored(id, 3, 'completed');
  });

  test('a step with an id of its own is the step of that path, whatever its span', async () => {
    const id = traceId();
    const attributes = { 'tmws.step.id': 'fetch', 'tmws.step.path': ['plan'], 'tmws.step.iteration': 1 };
    const tries = [1, 2].map((attempt) => ({
      trace: id,
      id: spanId(10 + attempt),
      parent: spanId(1),
      attributes: { ...attributes, 'tmws.step.attempt': attempt },
      ...(attempt === 1 && { error: 'no' }),
    }));
    await send(tries);
    await stored(id, 1);
    const [row] = await rows(id);
    expect(row).toMatchObject({ stepId: 'fetch', path: ['plan'], iteration: 1, status: 'completed' });
    expect(row?.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'failed'],
      [2, 'completed'],
    ]);
  });

  test('spans that are wrong are counted and named, the rest is taken, and nobody is asked to send them again', async () => {
    const id = traceId();
    const request = requestOf([
      { trace: id, id: spanId(1) },
      { trace: '00'.repeat(16), id: spanId(2), name: 'lost' },
    ]);
    const words = '1 of 2 spans were not accepted: span "lost" (0000000000000002): its trace id must be 16 bytes';
    const partial = { rejectedSpans: 1n, errorMessage: expect.stringContaining(words) as string };
    const overHttp = await post(protobufOf(request));
    expect(overHttp.status).toBe(200);
    expect(fromBinary(ExportTraceServiceResponseSchema, overHttp.body).partialSuccess).toMatchObject(partial);
    expect(fromBinary(ExportTraceServiceResponseSchema, await call(protobufOf(request))).partialSuccess).toMatchObject(partial);
    const overJson = await post(JSON.stringify(jsonOf(request)), json);
    expect(JSON.parse(overJson.body.toString())).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
    await stored(id, 1, 'completed');
  });

  test('all wrong is still an answer of 200', async () => {
    const { status, body } = await post(protobufOf(requestOf([{ trace: 'ab', id: spanId(1), name: 'x'.repeat(40) }])));
    expect(status).toBe(200);
    expect(fromBinary(ExportTraceServiceResponseSchema, body).partialSuccess?.rejectedSpans).toBe(1n);
  });

  test('an empty request is a success at every door', async () => {
    for (const path of ['/v1/traces', '/v1/logs', '/v1/metrics']) {
      expect(await post(Buffer.alloc(0), {}, path)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
      expect(await post('{}', json, path)).toMatchObject({ status: 200, body: Buffer.from('{}') });
    }
    for (const [signal, name] of [
      ['trace', 'Trace'],
      ['logs', 'Logs'],
      ['metrics', 'Metrics'],
    ] as const) {
      const path = `/opentelemetry.proto.collector.${signal}.v1.${name}Service/Export`;
      expect(await call(Buffer.alloc(0), path)).toEqual(Buffer.alloc(0));
    }
  });

  test.each<[string, Parameters<typeof post>, number, string]>([
    ['no protobuf', [Buffer.from('rubbish')], 400, 'this is no protobuf of the OpenTelemetry Protocol'],
    ['no JSON', ['rubbish', { 'content-type': 'application/json; charset=utf-8' }], 400, 'the body is not JSON'],
    [
      'another type',
      ['x', { 'content-type': 'text/plain' }],
      415,
      'the content type must be application/x-protobuf or application/json',
    ],
    ['another encoding', ['x', { 'content-encoding': 'br' }], 415, 'content-encoding "br" is not read here; use gzip'],
    ['broken gzip', ['x', { 'content-encoding': 'gzip' }], 400, 'the body says it is gzip but cannot be decompressed'],
    ['too much', [Buffer.alloc(21 * 1024 * 1024)], 413, 'the body must be at most 20971520 bytes'],
    [
      'too much after decompression',
      [gzipSync(Buffer.alloc(21 * 1024 * 1024)), { 'content-encoding': 'gzip' }],
      413,
      'at most 20971520 bytes after decompression',
    ],
    ['a namespace that is none', ['', { 'x-tmws-namespace': 'No_No' }], 400, 'header x-tmws-namespace must be'],
    ['another method', ['', {}, '/v1/traces', 'GET'], 405, 'OTLP is sent by POST (got GET)'],
    ['another path', ['', {}, '/v2/traces'], 404, 'OTLP is taken at /v1/traces, /v1/logs, /v1/metrics'],
  ])('%s is refused by a Status in the type of the request', async (_, request, status, words) => {
    const answer = await post(...request);
    expect(answer.status).toBe(status);
    const isProtobuf = answer.headers.get('content-type') === 'application/x-protobuf';
    expect(isProtobuf).toBe((request[1]?.['content-type'] ?? 'application/x-protobuf') === 'application/x-protobuf');
    const message = isProtobuf
      ? fromBinary(RpcStatusSchema, answer.body).message
      : (JSON.parse(answer.body.toString()) as { message: string }).message;
    expect(message).toContain(words);
    if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
  });

  test('over gRPC what is wrong is INVALID_ARGUMENT, what is too large RESOURCE_EXHAUSTED without a hint to try again', async () => {
    await expect(call(Buffer.from('rubbish'))).rejects.toMatchObject({ code: 3 });
    const tooLarge = await call(Buffer.alloc(21 * 1024 * 1024)).catch((error: unknown) => error as ServiceError);
    expect(tooLarge).toMatchObject({ code: 8 });
    expect((tooLarge as ServiceError).metadata.get('grpc-status-details-bin')).toEqual([]);
  });

  test('a page of another site is refused', async () => {
    expect((await post('', { origin: 'http://evil.example' })).status).toBe(403);
  });

  test('hundreds of broken requests later both doors still answer', async () => {
    const good = protobufOf(requestOf([{ trace: traceId(), id: spanId(1), attributes: genAiChat }], { 'service.name': 's' }));
    const goodJson = Buffer.from(JSON.stringify(jsonOf(requestOf([{ trace: traceId(), id: spanId(1) }]))));
    const statuses = new Set<number>();
    for (let round = 0; round < 150; round++) {
      const hurt = (bytes: Buffer): Buffer => {
        const copy = Buffer.from(bytes);
        copy[(round * 7) % copy.length] = (round * 31) % 256;
        return round % 3 === 0 ? copy.subarray(0, copy.length - (round % 11)) : copy;
      };
      const overGrpc = call(hurt(good)).then(
        () => 0,
        (error: unknown) => (error as ServiceError).code as number,
      );
      const answers = await Promise.all([post(hurt(good)), post(hurt(goodJson), json)]);
      for (const { status } of answers) statuses.add(status);
      expect([0, 3]).toContain(await overGrpc);
    }
    expect([...statuses].sort()).toEqual([200, 400]);
    const id = traceId();
    await send([{ trace: id, id: spanId(1) }]);
    await stored(id, 1, 'completed');
  });

  test('what GenAI events say in logs is what went into and came out of their span', async () => {
    const id = traceId();
    const logRecords = [
      log(id, { eventName: 'gen_ai.user.message', body: { stringValue: 'hello' } }),
      log(id, { eventName: 'gen_ai.choice', body: { stringValue: 'good day' } }),
      log(id, { eventName: 'something.else', body: { stringValue: 'not kept' } }),
      log(id, { body: { stringValue: 'a line of a log' } }),
    ];
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    expect(await post(body, json, '/v1/logs')).toMatchObject({ status: 200, body: Buffer.from('{}') });
    await stored(id, 1, 'running');
    await send([{ trace: id, id: spanId(1), name: 'chat m', attributes: genAiChat }]);
    const execution = await stored(id, 1, 'completed');
    expect(execution.stepsByStatus).toEqual({ completed: 1 });
    expect(await rows(id)).toMatchObject([{ stepKey: spanId(1), name: 'chat m', kind: 'llm', status: 'completed' }]);
  });
}

// The enum of the SDK has this value.
const gzip = 'gzip' as never;
const json = { 'content-type': 'application/json' };
const genAiChat = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

const log = (id: string, more: object): object => ({
  traceId: id,
  spanId: spanId(1),
  timeUnixNano: String(t0),
  severityNumber: 9,
  ...more,
});

function shapeOf(
  rows: readonly { stepKey: string; parentStepKey: string; name: string; status: string; kind: string }[],
): unknown {
  return rows.map(({ stepKey, parentStepKey, name, status, kind }) => ({ stepKey, parentStepKey, name, status, kind }));
}
