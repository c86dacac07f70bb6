// What the doors say when the log takes nothing: real servers, with a log in the test's hand behind them.
import { fromBinary } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { openGrpcServer } from '@tmws/contracts';
import { RpcStatusSchema } from '@tmws/contracts/otlp';
import { openHttpServer } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { openAdmission } from '../src/inbound/otlp/admission.ts';
import { serveOtlpGrpc } from '../src/inbound/otlp/otlp-grpc.ts';
import { otlpRoutes } from '../src/inbound/otlp/otlp-http.ts';
import { openReceiver } from '../src/inbound/otlp/receiver.ts';
import { protobufOf, requestOf, spanId, traceId } from '../src/inbound/otlp/testing/requests.ts';

const maxBytes = 1024 * 1024;

async function openDoors(publish: () => Promise<void>, limits = { bytes: 64 * maxBytes, requests: 10 }) {
  const [logger, metrics] = [openLogger('test', 'silent'), openMetrics()];
  const around = { host: '127.0.0.1', port: 0, logger, metrics };
  const admission = openAdmission(limits.bytes, limits.requests);
  const receiver = openReceiver({ publish, logger, metrics, answerWithinMs: 50, admission });
  const http = openHttpServer(around);
  const grpc = openGrpcServer(around);
  http.mount('/', otlpRoutes(receiver, maxBytes));
  serveOtlpGrpc(grpc, receiver);
  const [httpPort, grpcPort] = [await http.listen(), await grpc.listen()];
  const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  const bytes = protobufOf(requestOf([{ trace: traceId(), id: spanId(1) }]));
  return {
    async post() {
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, {
        method: 'POST',
        headers,
        body: new Uint8Array(bytes),
      });
      return {
        status: answer.status,
        retryAfter: answer.headers.get('retry-after'),
        body: Buffer.from(await answer.arrayBuffer()),
      };
    },
    call: () =>
      new Promise<ServiceError | null>((resolve) => {
        const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
        client.makeUnaryRequest(
          path,
          (b: Buffer) => b,
          (b: Buffer) => b,
          bytes,
          new Metadata(),
          resolve,
        );
      }),
    async [Symbol.asyncDispose]() {
      client.close();
      await Promise.all([http.close(0), grpc.close(0)]);
    },
  };
}

/** What asks an exporter to come again: 503 with Retry-After, UNAVAILABLE with RetryInfo. */
async function expectLater(doors: Awaited<ReturnType<typeof openDoors>>, words: string): Promise<void> {
  const { status, retryAfter, body } = await doors.post();
  expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '1' });
  expect(fromBinary(RpcStatusSchema, body)).toMatchObject({ code: 14, message: expect.stringContaining(words) as string });
  const error = await doors.call();
  expect(error?.code).toBe(14);
  const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
  const told = fromBinary(RpcStatusSchema, details as Buffer);
  expect(told.code).toBe(14);
  expect(told.details.map(({ typeUrl, value }) => [typeUrl, [...value]])).toEqual([
    // RetryInfo { retry_delay { seconds: 1 } }
    ['type.googleapis.com/google.rpc.RetryInfo', [0x0a, 0x02, 0x08, 0x01]],
  ]);
}

test('a log that is away is told by 503 and UNAVAILABLE, with a time to come again', async () => {
  await using doors = await openDoors(() => Promise.reject(new Problem('unavailable', 'Kafka is away', { retryAfterMs: 1000 })));
  await expectLater(doors, 'Kafka is away');
});

test('a full queue before the log is told in the same way', async () => {
  await using doors = await openDoors(() => Promise.reject(new Problem('limited', 'too many wait', { retryAfterMs: 1000 })));
  await expectLater(doors, 'too many wait');
});

test('a log that does not answer is not waited for longer than an exporter waits', async () => {
  await using doors = await openDoors(() => new Promise(() => undefined));
  await expectLater(doors, 'the log did not take it in time');
});

test('more than fits into memory is turned away until the log has some of it', async () => {
  const taking = Promise.withResolvers<undefined>();
  await using doors = await openDoors(() => taking.promise, { bytes: 64 * maxBytes, requests: 2 });
  await Promise.all([doors.post(), doors.post()]);
  await expectLater(doors, 'too much waits to be written');
  taking.resolve(undefined);
  await taking.promise;
  expect((await doors.post()).status).toBe(200);
});

test('an error nobody foresaw is 500 and INTERNAL, which are not tried again, and says nothing of itself', async () => {
  await using doors = await openDoors(() => Promise.reject(new Error('password=hunter2')));
  const { status, body } = await doors.post();
  expect(status).toBe(500);
  expect(fromBinary(RpcStatusSchema, body).message).toBe('Something went wrong on our side; the log has the details.');
  expect(await doors.call()).toMatchObject({ code: 13 });
});
