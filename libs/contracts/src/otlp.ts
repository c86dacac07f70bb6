// The OpenTelemetry Protocol's messages and services. They stand apart: its names (Span, Resource, Status) are also ours.
export * from './gen/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts';
export * from './gen/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts';
export * from './gen/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts';
export { StatusSchema as RpcStatusSchema } from './gen/google/rpc/status_pb.ts';
export type { AnyValue } from './gen/opentelemetry/proto/common/v1/common_pb.ts';
export type { UndecodedHandlers } from './grpc/handlers.ts';
