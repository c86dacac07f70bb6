import { finished } from 'node:stream';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type {
  Metadata,
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { Problem } from '@tmws/problems';
import { extractTrace, inSpan, type Logger, type Metrics, SpanKind } from '@tmws/telemetry';
import { anonymous, parseNamespace, requestIdOf } from '../caller.ts';
import type { Admit, GrpcCall, GrpcKnock } from './handlers.ts';
import { statusOf } from './status.ts';

type AnyCall = ServerUnaryCall<unknown, unknown> &
  ServerReadableStream<unknown, unknown> &
  ServerWritableStream<unknown, unknown> &
  ServerDuplexStream<unknown, unknown>;
type AnyHandler = (request: unknown, call: GrpcCall) => Promise<unknown> | AsyncIterable<unknown>;
interface Surroundings {
  logger: Logger;
  metrics: Metrics;
  closing: AbortSignal;
  /** Absent: whoever comes is let in, as nobody. */
  admit?: Admit | undefined;
}

/** What becomes of a call apart from its handler. */
type Turns = Pick<GrpcKnock, 'over' | 'end'>;

/** One handler in grpc-js' shape: caller from the metadata, span, duration, problems to statuses, abort when the client leaves. */
export function bindHandler(
  service: DescService,
  method: DescMethod,
  handler: AnyHandler,
  around: Surroundings,
): UntypedHandleCall {
  const name = `${service.typeName}/${method.name}`;
  const seconds = around.metrics.histogram('tmws_grpc_server_seconds', 'time a gRPC call took', ['method', 'code']);
  const streamsIn = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
  const streamsOut = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';

  const run = async (call: AnyCall, turns: Turns): Promise<unknown> => {
    const context = await grpcCall(call, name, around, turns);
    const request = streamsIn ? call : call.request;
    const answer = handler(request, context);
    if (!streamsOut) return await answer;
    for await (const message of answer as AsyncIterable<unknown>) {
      if (context.signal.aborted) break;
      if (!call.write(message)) await drained(call);
    }
    // Whether it was whole nobody can tell: whoever asked does so again, elsewhere.
    if (around.closing.aborted) throw Problem.from(around.closing.reason);
    return undefined;
  };

  const observed = async (call: AnyCall): Promise<{ value?: unknown; failed?: ReturnType<typeof statusOf> }> => {
    const end = seconds.startTimer({ method: name });
    const over = new AbortController();
    const ended = Promise.withResolvers<never>();
    const turns = { over: over.signal, end: ended.reject };
    try {
      const value = await extractTrace(traceOf(call.metadata), () =>
        inSpan(name, SpanKind.SERVER, { 'rpc.system': 'grpc', 'rpc.method': name }, () =>
          Promise.race([run(call, turns), ended.promise]),
        ),
      );
      end({ code: 0 });
      return { value };
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.kind === 'internal' && !call.cancelled) around.logger.error({ err: error, rpc: name }, 'a gRPC call failed');
      const failed = statusOf(problem);
      end({ code: failed.code });
      return { failed };
    } finally {
      over.abort();
    }
  };

  if (streamsOut) {
    return ((call: AnyCall) => {
      // grpc-js takes the status of a stream from an error event; a destroyed stream would never send it.
      void observed(call).then(({ failed }) => (failed === undefined ? call.end() : call.emit('error', failed)));
    }) as UntypedHandleCall;
  }
  return ((call: AnyCall, callback: sendUnaryData<unknown>) => {
    void observed(call).then(({ value, failed }) => (failed === undefined ? callback(null, value) : callback(failed)));
  }) as UntypedHandleCall;
}

async function grpcCall(
  call: AnyCall,
  method: string,
  { closing, admit = asNobody }: Surroundings,
  { over, end }: Turns,
): Promise<GrpcCall> {
  const text = (key: string): string | undefined => call.metadata.get(key)[0]?.toString();
  const left = new AbortController();
  call.on('cancelled', () => left.abort(new Problem('timeout', 'the caller left')));
  const caller = await admit({
    method,
    text,
    ip: addressOf(call.getPeer()),
    requestId: requestIdOf(text('x-request-id')),
    over,
    end(problem) {
      left.abort(problem);
      end(problem);
    },
  });
  return { caller, signal: AbortSignal.any([left.signal, closing]) };
}

const asNobody: Admit = async ({ text, requestId }) =>
  Promise.resolve(anonymous(parseNamespace(text('x-tmws-namespace'), 'metadata x-tmws-namespace'), requestId));

/** `10.0.0.7:4711`, `[::1]:4711` or `ipv4:10.0.0.7:4711` without the port. */
function addressOf(peer: string): string {
  return peer
    .replace(/^ipv[46]:/, '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/, '');
}

function traceOf(metadata: Metadata): Record<string, string | undefined> {
  return { traceparent: metadata.get('traceparent')[0]?.toString(), tracestate: metadata.get('tracestate')[0]?.toString() };
}

async function drained(call: AnyCall): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = finished(call, () => done());
    const done = (): void => {
      stop();
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.once('drain', done);
    call.once('cancelled', done);
  });
}
