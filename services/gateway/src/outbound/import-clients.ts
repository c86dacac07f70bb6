import { type GrpcClient, ImportService, openGrpcClient, OperationService } from '@tmws/contracts';

/** Imports over gRPC, at the address of workflow-timeline. What is sent has no deadline of its own: it is as long as its file. */
export function openImportClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof ImportService)['method']> {
  return openGrpcClient(ImportService, target, { timeoutMs: callTimeoutMs });
}

/** Long work, at the same address. */
export function openOperationClient(
  target: () => string,
  { callTimeoutMs }: { callTimeoutMs: number },
): GrpcClient<(typeof OperationService)['method']> {
  return openGrpcClient(OperationService, target, { timeoutMs: callTimeoutMs });
}
