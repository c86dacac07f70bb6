import {
  type GrpcClient,
  ListingService,
  openGrpcClient,
  PictureService,
  RetentionService,
  TimelineService,
} from '@tmws/contracts';

/** How calls are made. */
export interface Calling {
  readonly callTimeoutMs: number;
  /** Of this service; undefined where sign-in is off. */
  readonly token: string | undefined;
}

/** workflow-timeline over gRPC. Each call has a deadline; a stream lives until one side leaves. */
export function openTimelineClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof TimelineService)['method']> {
  return openGrpcClient(TimelineService, target, { timeoutMs: callTimeoutMs, token });
}

/** Its pictures, at the same address. */
export function openPictureClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof PictureService)['method']> {
  return openGrpcClient(PictureService, target, { timeoutMs: callTimeoutMs, token });
}

/** Its retention, at the same address. */
export function openRetentionClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof RetentionService)['method']> {
  return openGrpcClient(RetentionService, target, { timeoutMs: callTimeoutMs, token });
}

/** Its lists as a whole, at the same address. */
export function openListingClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof ListingService)['method']> {
  return openGrpcClient(ListingService, target, { timeoutMs: callTimeoutMs, token });
}
