import type { DescMethod } from '@bufbuild/protobuf';
import type { GenService, GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import { Client, credentials, type ClientReadableStream, type ClientWritableStream, Metadata } from '@grpc/grpc-js';
import { Problem } from '@tmws/problems';
import { inSpan, injectTrace, SpanKind } from '@tmws/telemetry';
import type { Caller } from '../caller.ts';
import { grpcDefinition, quietGrpc } from './definition.ts';
import type { InputInit, Output } from './handlers.ts';
import { againIfRefused } from './refused.ts';
import { problemOf } from './status.ts';

export interface CallOptions {
  readonly caller: Caller;
  /** How long to wait for the answer; the client's default if absent. Streams have no deadline unless given. */
  readonly timeoutMs?: number;
  /** Ends the call: a unary one fails with the signal's reason, a stream just ends. */
  readonly signal?: AbortSignal;
}

/** The unary, server-streaming and client-streaming methods of a service, as functions. Failures are Problems. */
export type GrpcClient<T extends GenServiceMethods> = {
  readonly [
    K in keyof T as T[K]['methodKind'] extends 'unary' | 'server_streaming' | 'client_streaming' ? K : never
  ]: T[K]['methodKind'] extends 'unary'
    ? (request: InputInit<T[K]>, options: CallOptions) => Promise<Output<T[K]>>
    : T[K]['methodKind'] extends 'client_streaming'
      ? (requests: AsyncIterable<InputInit<T[K]>>, options: CallOptions) => Promise<Output<T[K]>>
      : (request: InputInit<T[K]>, options: CallOptions) => AsyncIterable<Output<T[K]>>;
} & { close(): void };

/**
 * A client of one service. It connects when first used and again after a loss; replicas behind a headless name
 * are used in turn.
 *
 * @param target  asked when first used: `host:port`, or `dns:///name:port` for several replicas
 * @param defaults.token  of a service: who has it is believed in whose name it asks
 */
export function openGrpcClient<T extends GenServiceMethods>(
  service: GenService<T>,
  target: () => string,
  defaults: Defaults,
): GrpcClient<T> {
  quietGrpc();
  let client: Client | undefined;
  let closed = false;
  const connect: Connect = () => {
    if (closed) throw new Problem('unavailable', 'this process is stopping; try again in a moment', { retryAfterMs: 1000 });
    return (client ??= new Client(target(), credentials.createInsecure(), channelOptions));
  };
  const methods = service.methods.flatMap((method): [string, unknown][] => {
    if (method.methodKind === 'unary') return [[method.localName, unary(connect, service, method, defaults)]];
    if (method.methodKind === 'client_streaming') return [[method.localName, clientStream(connect, service, method, defaults)]];
    if (method.methodKind === 'server_streaming') return [[method.localName, serverStream(connect, service, method, defaults)]];
    return [];
  });
  const close = (): void => {
    closed = true;
    client?.close();
  };
  return { ...Object.fromEntries(methods), close } as unknown as GrpcClient<T>;
}

type Connect = () => Client;
interface Defaults {
  readonly timeoutMs: number;
  readonly token?: string | undefined;
}

const channelOptions = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  // What is looked up beside the addresses, the configuration above, is here already.
  'grpc.service_config_disable_resolution': 1,
  // Addresses are asked for again when a connection ends: a replica that came has its part within seconds, not after half a minute.
  'grpc.dns_min_time_between_resolutions_ms': 1000,
  'grpc.max_receive_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2000,
  // A peer that fell silent breaks its streams instead of holding them for ever.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

function unary(connect: Connect, service: GenService<GenServiceMethods>, method: DescMethod, defaults: Defaults) {
  const { path, requestSerialize, responseDeserialize } = grpcDefinition(service, method);
  return (request: unknown, options: CallOptions): Promise<unknown> =>
    inSpan(path.slice(1), SpanKind.CLIENT, { 'rpc.system': 'grpc' }, () => {
      const { signal, timeoutMs = defaults.timeoutMs } = options;
      signal?.throwIfAborted();
      const deadline = Date.now() + timeoutMs;
      const call = (): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const leave = (): void => one.cancel();
          const one = connect().makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            request,
            metadataOf(options, defaults),
            { deadline },
            (error, value) => {
              signal?.removeEventListener('abort', leave);
              if (error === null) resolve(value);
              else reject(error);
            },
          );
          signal?.addEventListener('abort', leave, { once: true });
        });
      const left = (): boolean => signal?.aborted === true;
      return againIfRefused(call, left).catch((error: unknown) => {
        throw left() ? (signal?.reason as Error) : problemOf(error, service.typeName);
      });
    });
}

function serverStream(connect: Connect, service: GenService<GenServiceMethods>, method: DescMethod, defaults: Defaults) {
  const { path, requestSerialize, responseDeserialize } = grpcDefinition(service, method);
  return async function* (request: unknown, options: CallOptions): AsyncIterable<unknown> {
    const gone = (): boolean => options.signal?.aborted === true;
    if (gone()) return;
    const deadline = options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
    let stream: ClientReadableStream<unknown> | undefined;
    let messages: AsyncIterator<unknown> | undefined;
    const begin = async (): Promise<IteratorResult<unknown>> => {
      stream = connect().makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(options, defaults),
        deadline,
      );
      messages = stream[Symbol.asyncIterator]();
      return await messages.next();
    };
    const leave = (): void => stream?.cancel();
    options.signal?.addEventListener('abort', leave, { once: true });
    try {
      const first = await againIfRefused(begin, gone);
      for (let next = first; next.done !== true && messages !== undefined; next = await messages.next()) yield next.value;
    } catch (error) {
      if (!gone()) throw problemOf(error, service.typeName);
    } finally {
      options.signal?.removeEventListener('abort', leave);
      await messages?.return?.();
      leave();
    }
  };
}

/** Sends no faster than the peer reads. What is sent ends when the peer has answered, also early. A failure of `requests` is the call's. */
function clientStream(connect: Connect, service: GenService<GenServiceMethods>, method: DescMethod, defaults: Defaults) {
  const { path, requestSerialize, responseDeserialize } = grpcDefinition(service, method);
  return (requests: AsyncIterable<unknown>, options: CallOptions): Promise<unknown> =>
    inSpan(path.slice(1), SpanKind.CLIENT, { 'rpc.system': 'grpc' }, () => {
      const { signal } = options;
      signal?.throwIfAborted();
      const deadline = options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
      return new Promise((resolve, reject) => {
        const answered = new AbortController();
        const leave = (): void => call.cancel();
        const call = connect().makeClientStreamRequest(
          path,
          requestSerialize,
          responseDeserialize,
          metadataOf(options, defaults),
          deadline,
          (error, value) => {
            answered.abort();
            signal?.removeEventListener('abort', leave);
            if (error === null) resolve(value);
            else reject(signal?.aborted === true ? (signal.reason as Error) : problemOf(error, service.typeName));
          },
        );
        signal?.addEventListener('abort', leave, { once: true });
        sendAll(call, requests, answered.signal).catch((error: unknown) => {
          reject(Problem.from(error));
          call.cancel();
        });
      });
    });
}

async function sendAll(
  call: ClientWritableStream<unknown>,
  requests: AsyncIterable<unknown>,
  answered: AbortSignal,
): Promise<void> {
  const over = new Promise<void>((resolve) => answered.addEventListener('abort', () => resolve(), { once: true }));
  for await (const request of requests) {
    if (answered.aborted) return;
    // Told when the peer has taken it; writing on without that would fill the memory.
    await Promise.race([over, new Promise<void>((resolve) => call.write(request, () => resolve()))]);
  }
  if (!answered.aborted) call.end();
}

function metadataOf({ caller }: CallOptions, { token }: Defaults): Metadata {
  const metadata = new Metadata();
  metadata.set('x-tmws-namespace', caller.namespace);
  metadata.set('x-request-id', caller.requestId);
  if (token !== undefined) {
    metadata.set('authorization', `Bearer ${token}`);
    metadata.set('x-tmws-principal', encodeURIComponent(caller.principal));
  }
  for (const [key, value] of Object.entries(injectTrace())) metadata.set(key, value);
  return metadata;
}
