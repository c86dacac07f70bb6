import { create, type DescMessage, type DescMethod, type DescService, fromBinary, toBinary } from '@bufbuild/protobuf';
import { logVerbosity, type MethodDefinition, setLogVerbosity } from '@grpc/grpc-js';

/** The method as grpc-js wants it: path, streaming, and the codec of its messages. */
export function grpcDefinition(service: DescService, method: DescMethod): MethodDefinition<unknown, unknown> {
  return {
    path: `/${service.typeName}/${method.name}`,
    originalName: method.localName,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: encoder(method.input),
    requestDeserialize: decoder(method.input),
    responseSerialize: encoder(method.output),
    responseDeserialize: decoder(method.output),
  };
}

// `create` fills defaults into plain objects and passes finished messages through.
const encoder = (message: DescMessage) => (value: unknown) => {
  const bytes = toBinary(message, create(message, value as never));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};
const decoder = (message: DescMessage) => (bytes: Buffer) => fromBinary(message, bytes);

/** Keeps grpc-js from writing to the console: what it has to say comes as errors too, and those are told in one sentence or logged. */
export function quietGrpc(): void {
  setLogVerbosity(logVerbosity.NONE);
}
