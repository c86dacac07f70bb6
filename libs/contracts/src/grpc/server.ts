import type { DescService } from '@bufbuild/protobuf';
import type { GenService, GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import { Server, ServerCredentials, status, type UntypedHandleCall } from '@grpc/grpc-js';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import { anonymous, defaultNamespace } from '../caller.ts';
import { bindHandler } from './bind-handler.ts';
import { grpcDefinition, quietGrpc } from './definition.ts';
import { healthHandlers, type ServingState } from './health.ts';
import type { Admit, Handlers, UndecodedHandlers } from './handlers.ts';
import { reflectionHandlers } from './reflection.ts';
import { Health } from '../gen/grpc/health/v1/health_pb.ts';
import { ServerReflection } from '../gen/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as ServerReflectionAlpha } from '../gen/grpc/reflection/v1alpha/reflection_pb.ts';

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Largest message read, bytes. */
  readonly maxMessageBytes?: number;
  /**
   * A connection this old, ms, is told to take no more calls, so that clients look for other replicas; calls and streams under way go on over
   * it as long as they last. Absent: none is.
   */
  readonly maxConnectionAgeMs?: number | undefined;
  /** Asked before every call but those of health. Absent: whoever comes is let in, as nobody. */
  readonly admit?: Admit;
}

/** One listener for all gRPC services of a process, with health and reflection. */
export interface GrpcServer {
  /** Adds a service; only before `listen`. */
  add<T extends GenServiceMethods>(service: GenService<T>, handlers: Handlers<T>): void;
  /** Adds a service whose handlers get the bytes of the request: what cannot be decoded is theirs to answer. Only before `listen`. */
  addUndecoded<T extends GenServiceMethods>(service: GenService<T>, handlers: UndecodedHandlers<T>): void;
  /** @returns the port taken. @throws Problem `precondition` if the port is in use */
  listen(): Promise<number>;
  /** What health says of all services. */
  setServing(serving: boolean): void;
  /** Tells clients to go elsewhere (GOAWAY) and ends streams as `unavailable`; lets unary calls finish for `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** Makes the server; nothing listens until `listen`. */
export function openGrpcServer(options: GrpcServerOptions): GrpcServer {
  quietGrpc();
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes ?? 4 * 1024 * 1024,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_permit_without_calls': 1,
    ...(options.maxConnectionAgeMs !== undefined && { 'grpc.max_connection_age_ms': options.maxConnectionAgeMs }),
  });
  const services: DescService[] = [];
  const serving: ServingState = { serving: false, watchers: new Set() };
  const closing = new AbortController();

  const bind = <T extends GenServiceMethods>(
    service: GenService<T>,
    handlers: Handlers<T> | UndecodedHandlers<T>,
    reading: { requestDeserialize?: (bytes: Buffer) => Buffer } = {},
    admit = options.admit,
  ): void => {
    const definition = Object.fromEntries(
      service.methods.map((method) => [method.localName, { ...grpcDefinition(service, method), ...reading }]),
    );
    const bound = service.methods.map((method): [string, UntypedHandleCall] => [
      method.localName,
      bindHandler(service, method, handlers[method.localName as keyof T] as never, {
        ...options,
        admit,
        closing: closing.signal,
      }),
    ]);
    server.addService(definition, Object.fromEntries(bound));
    services.push(service);
  };

  return {
    add: (service, handlers) => bind(service, handlers),
    addUndecoded: (service, handlers) => bind(service, handlers, { requestDeserialize: (bytes) => bytes }),
    async listen() {
      bind(
        Health,
        healthHandlers(serving, () => services.map((service) => service.typeName)),
        {},
        () => Promise.resolve(anonymous(defaultNamespace, '')),
      );
      const reflected = [...services, ServerReflection, ServerReflectionAlpha];
      bind(ServerReflection, reflectionHandlers(reflected));
      bind(ServerReflectionAlpha, reflectionHandlers(reflected) as Handlers<typeof ServerReflectionAlpha.method>);
      return await new Promise((resolve, reject) => {
        // An IPv6 address stands in brackets.
        const host = options.host.includes(':') ? `[${options.host}]` : options.host;
        server.bindAsync(`${host}:${options.port}`, ServerCredentials.createInsecure(), (error, port) => {
          if (error === null) resolve(port);
          else
            reject(
              new Problem('precondition', `gRPC cannot listen on ${options.host}:${options.port}: ${plain(error)}`, {
                cause: error,
              }),
            );
        });
      });
    },
    setServing(value) {
      serving.serving = value;
      for (const wake of serving.watchers) wake();
    },
    async close(graceMs = 5000) {
      closing.abort(new Problem('unavailable', 'the service is stopping'));
      await new Promise<void>((resolve) => {
        const cutOff = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, graceMs);
        server.tryShutdown(() => {
          clearTimeout(cutOff);
          resolve();
        });
      });
    },
  };
}

function plain(error: Error): string {
  return error.message.includes('EADDRINUSE')
    ? 'the port is in use by another process'
    : error.message.replace(`${status.INTERNAL} `, '');
}
