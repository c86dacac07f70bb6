// Server reflection out of the generated descriptors, so that grpcurl and others need no .proto file.
import { createRegistry, type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import type { ServerReflection, ServerReflectionRequest } from '../gen/grpc/reflection/v1/reflection_pb.ts';
import type { Handlers } from './handlers.ts';

/** Handlers of reflection v1; v1alpha has the same messages. */
export function reflectionHandlers(services: readonly DescService[]): Handlers<typeof ServerReflection.method> {
  const files = withDependencies(services.map((service) => service.file));
  const registry = createRegistry(...files.values());
  const fileOf = (symbol: string): DescFile | undefined => {
    const parts = symbol.split('.');
    const names = parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
    return names.map((name) => registry.get(name)).find((found) => found !== undefined)?.file;
  };
  const answer = ({ messageRequest: asked }: ServerReflectionRequest) => {
    if (asked.case === 'listServices') {
      return { case: 'listServicesResponse' as const, value: { service: services.map(({ typeName }) => ({ name: typeName })) } };
    }
    if (asked.case === 'fileByFilename') return fileResponse(files.get(asked.value), asked.value);
    if (asked.case === 'fileContainingSymbol') return fileResponse(fileOf(asked.value), asked.value);
    return {
      case: 'errorResponse' as const,
      value: { errorCode: status.UNIMPLEMENTED, errorMessage: 'extensions are not served' },
    };
  };
  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests)
        yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
    },
  };
}

function fileResponse(file: DescFile | undefined, asked: string) {
  if (file === undefined)
    return { case: 'errorResponse' as const, value: { errorCode: status.NOT_FOUND, errorMessage: `${asked} not found` } };
  const fileDescriptorProto = [...withDependencies([file]).values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
}

function withDependencies(roots: readonly DescFile[]): Map<string, DescFile> {
  const found = new Map<string, DescFile>();
  const queue = [...roots];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file.proto.name)) continue;
    found.set(file.proto.name, file);
    queue.push(...file.dependencies);
  }
  return found;
}
