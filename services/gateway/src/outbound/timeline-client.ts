import {
  type GrpcClient,
  ListingService,
  openGrpcClient,
  PictureService,
  RetentionService,
  TimelineService,
} from '@tmws/contracts';

/** workflow-timeline over gRPC. Each call has a deadline; a stream lives until one side leaves. */
export function openTimelineClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof TimelineService)['method']> {
  return openGrpcClient(TimelineService, target, { timeoutMs: callTimeoutMs });
}

/** Its pictures, at the same address. */
export function openPictureClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof PictureService)['method']> {
  return openGrpcClient(PictureService, target, { timeoutMs: callTimeoutMs });
}

/** Its retention, at the same address. */
export function openRetentionClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof RetentionService)['method']> {
  return openGrpcClient(RetentionService, target, { timeoutMs: callTimeoutMs });
}

/** Its lists as a whole, at the same address. */
export function openListingClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof ListingService)['method']> {
  return openGrpcClient(ListingService, target, { timeoutMs: callTimeoutMs });
}
