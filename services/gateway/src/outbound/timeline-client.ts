import { type GrpcClient, openGrpcClient, TimelineService } from '@tmws/contracts';

/** workflow-timeline over gRPC. Each call has a deadline; a stream lives until one side leaves. */
export function openTimelineClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof TimelineService)['method']> {
  return openGrpcClient(TimelineService, target, { timeoutMs: callTimeoutMs });
}
