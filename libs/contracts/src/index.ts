export * from './gen/tmws/events/v1/workflow_pb.ts';
export * from './gen/tmws/timeline/v1/import_pb.ts';
export * from './gen/tmws/timeline/v1/retention_pb.ts';
export * from './gen/tmws/timeline/v1/timeline_pb.ts';
export { anonymous, type Caller, defaultNamespace, parseNamespace, requestIdOf } from './caller.ts';
export { openGrpcServer, type GrpcServer, type GrpcServerOptions } from './grpc/server.ts';
export { openGrpcClient, type CallOptions, type GrpcClient } from './grpc/client.ts';
export type { GrpcCall, Handlers } from './grpc/handlers.ts';
export { grpcDefinition } from './grpc/definition.ts';
