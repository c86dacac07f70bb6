import { create, type DescMessage, type MessageShape, toBinary, toJsonString } from '@bufbuild/protobuf';
import {
  ExportLogsServiceResponseSchema,
  ExportMetricsServiceResponseSchema,
  ExportTraceServiceResponseSchema,
  RpcStatusSchema,
} from '@tmws/contracts/otlp';
import { callerOf, express, readBody, type Request, type Response, type Router } from '@tmws/http';
import { grpcCodes, httpStatuses, Problem } from '@tmws/problems';
import { spansRejected } from './otlp-grpc.ts';
import type { Encoding, Receiver, Signal } from './receiver.ts';
import type { Outcome } from './refusals.ts';

const mediaTypes: Readonly<Record<string, Encoding>> = { 'application/x-protobuf': 'protobuf', 'application/json': 'json' };
const signals: Readonly<Record<string, Signal>> = { '/v1/traces': 'traces', '/v1/logs': 'logs', '/v1/metrics': 'metrics' };

/** Export of traces, logs and metrics by HTTP (OTLP 1.x, "OTLP/HTTP"): protobuf and JSON, errors as google.rpc.Status. */
export function otlpRoutes(receiver: Receiver, maxBytes: number): Router {
  const router = express.Router();
  router.use(async (request, response) => {
    try {
      await handle(receiver, maxBytes, request, response);
    } catch (error) {
      answerError(receiver, Problem.from(error), error, request, response);
    }
  });
  return router;
}

async function handle(receiver: Receiver, maxBytes: number, request: Request, response: Response): Promise<void> {
  const signal = Object.hasOwn(signals, request.path) ? signals[request.path] : undefined;
  if (signal === undefined) {
    const known = Object.keys(signals).join(', ');
    throw new Problem('not_found', `there is nothing at ${request.path.slice(0, 100)}; OTLP is taken at ${known}`);
  }
  if (request.method !== 'POST') {
    response.status(405).set('allow', 'POST');
    throw new Problem('unsupported', `OTLP is sent by POST (got ${request.method})`);
  }
  const encoding = encodingOf(request);
  if (encoding === undefined) {
    const got = JSON.stringify((request.get('content-type') ?? '').slice(0, 80));
    throw new Problem('unsupported', `the content type must be application/x-protobuf or application/json (got ${got})`);
  }
  const caller = callerOf(request, response);
  const room = receiver.enter();
  let bytes: Buffer;
  try {
    bytes = await readBody(request, maxBytes, { gzip: true, coming: room.take });
    // Compressed, it becomes more than what came.
    if (request.get('content-encoding') !== undefined) room.take(bytes.length);
  } catch (error) {
    room.leave();
    throw error;
  }
  send(response, encoding, 200, ...answerOf(signal, await receiver.take(signal, encoding, bytes, caller, room)));
}

function answerOf(signal: Signal, outcome: Outcome): [DescMessage, MessageShape<DescMessage>] {
  if (signal === 'logs') return [ExportLogsServiceResponseSchema, create(ExportLogsServiceResponseSchema)];
  if (signal === 'metrics') return [ExportMetricsServiceResponseSchema, create(ExportMetricsServiceResponseSchema)];
  const partial = outcome.rejected === 0 ? {} : { partialSuccess: spansRejected(outcome) };
  return [ExportTraceServiceResponseSchema, create(ExportTraceServiceResponseSchema, partial)];
}

function encodingOf(request: Request): Encoding | undefined {
  const mediaType = request.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(mediaTypes, mediaType) ? mediaTypes[mediaType] : undefined;
}

function answerError(receiver: Receiver, problem: Problem, error: unknown, request: Request, response: Response): void {
  if (problem.kind === 'internal') receiver.logger.error({ err: error, path: request.path }, 'an OTLP request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = response.statusCode === 405 ? 405 : httpStatuses[problem.kind];
  if (problem.retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)));
  const body = create(RpcStatusSchema, { code: grpcCodes[problem.kind], message: problem.message.slice(0, 4000).toWellFormed() });
  send(response, encodingOf(request) ?? 'json', status, RpcStatusSchema, body);
}

function send<T extends DescMessage>(
  response: Response,
  encoding: Encoding,
  status: number,
  schema: T,
  message: MessageShape<T>,
): void {
  response.status(status);
  if (encoding === 'json') response.type('application/json').send(toJsonString(schema, message));
  else response.type('application/x-protobuf').send(Buffer.from(toBinary(schema, message)));
}
