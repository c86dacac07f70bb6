import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { credentials, Client } from '@grpc/grpc-js';
import { openGrpcClient, TimelineService, grpcDefinition } from '@tmws/contracts';
import { Health, HealthCheckResponse_ServingStatus as Status } from '../src/gen/grpc/health/v1/health_pb.ts';
import { ServerReflection, type ServerReflectionResponse } from '../src/gen/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as Alpha } from '../src/gen/grpc/reflection/v1alpha/reflection_pb.ts';
import { collect, failure, openPair, options, type Pair } from './open-pair.ts';

const healthOf = (pair: Pair) => openGrpcClient(Health, () => pair.address, { timeoutMs: 5000 });

test('health tells of the process and of each service, and knows no other', async () => {
  await using pair = await openPair({});
  const health = healthOf(pair);
  expect((await health.check({ service: '' }, options)).status).toBe(Status.SERVING);
  expect((await health.check({ service: TimelineService.typeName }, options)).status).toBe(Status.SERVING);
  expect(Object.keys((await health.list({}, options)).statuses)).toContain(TimelineService.typeName);
  expect(await failure(health.check({ service: 'nope' }, options))).toMatchObject({ kind: 'not_found' });
  pair.server.setServing(false);
  expect((await health.check({ service: '' }, options)).status).toBe(Status.NOT_SERVING);
  health.close();
});

test('who watches health is told of each change, and of the end', async () => {
  await using pair = await openPair({});
  const health = healthOf(pair);
  const told: Status[] = [];
  const ended = (async () => {
    for await (const { status } of health.watch({ service: '' }, options)) {
      told.push(status);
      if (told.length === 1) pair.server.setServing(false);
      else void pair.server.close(5000);
    }
  })();
  expect(await failure(ended)).toMatchObject({ kind: 'unavailable' });
  expect(told).toEqual([Status.SERVING, Status.NOT_SERVING]);
  health.close();
});

function ask(
  pair: Pair,
  service: typeof ServerReflection | typeof Alpha,
  requests: object[],
): Promise<ServerReflectionResponse[]> {
  const method = grpcDefinition(service, service.method.serverReflectionInfo);
  const client = new Client(pair.address, credentials.createInsecure());
  const call = client.makeBidiStreamRequest(method.path, method.requestSerialize, method.responseDeserialize);
  for (const request of requests) call.write(request);
  call.end();
  return collect(call as AsyncIterable<ServerReflectionResponse>).finally(() => client.close());
}

test.each([
  ['v1', ServerReflection],
  ['v1alpha', Alpha],
] as const)('reflection %s lists services and describes them with all they need', async (_version, service) => {
  await using pair = await openPair({});
  const [list, symbol, file, none, alien] = await ask(pair, service, [
    { messageRequest: { case: 'listServices', value: '' } },
    { messageRequest: { case: 'fileContainingSymbol', value: 'tmws.timeline.v1.TimelineService.GetExecution' } },
    { messageRequest: { case: 'fileByFilename', value: 'tmws/events/v1/workflow.proto' } },
    { messageRequest: { case: 'fileContainingSymbol', value: 'no.such.Thing' } },
    { messageRequest: { case: 'allExtensionNumbersOfType', value: 'x' } },
  ]);
  expect((list!.messageResponse.value as { service: { name: string }[] }).service.map(({ name }) => name)).toEqual([
    'tmws.timeline.v1.TimelineService',
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
  ]);
  const filesOf = (response: ServerReflectionResponse): string[] =>
    (response.messageResponse.value as { fileDescriptorProto: Uint8Array[] }).fileDescriptorProto.map(
      (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
    );
  expect(filesOf(symbol!).toSorted()).toEqual([
    'google/protobuf/struct.proto',
    'google/protobuf/timestamp.proto',
    'tmws/events/v1/workflow.proto',
    'tmws/timeline/v1/timeline.proto',
  ]);
  expect(filesOf(file!)).toContain('tmws/events/v1/workflow.proto');
  expect(none!.messageResponse).toMatchObject({ case: 'errorResponse', value: { errorCode: 5 } });
  expect(alien!.messageResponse).toMatchObject({ case: 'errorResponse', value: { errorCode: 12 } });
});
