import { type GrpcClient, ImportService, openGrpcClient, OperationService } from '@tmws/contracts';
import type { Calling } from './timeline-client.ts';

/** Imports over gRPC, at the address of workflow-timeline. What is sent has no deadline of its own: it is as long as its file. */
export function openImportClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof ImportService)['method']> {
  return openGrpcClient(ImportService, target, { timeoutMs: callTimeoutMs, token });
}

/** Long work, at the same address. */
export function openOperationClient(
  target: () => string,
  { callTimeoutMs, token }: Calling,
): GrpcClient<(typeof OperationService)['method']> {
  return openGrpcClient(OperationService, target, { timeoutMs: callTimeoutMs, token });
}
