import { Problem } from '@tmws/problems';
import type { GrpcCall, GrpcServer } from '@tmws/contracts';
import { LogsService, MetricsService, TraceService, type UndecodedHandlers } from '@tmws/contracts/otlp';
import type { Outcome } from './refusals.ts';
import type { Receiver, Signal } from './receiver.ts';

/** Export of traces, logs and metrics by gRPC (OTLP 1.x, "OTLP/gRPC"). */
export function serveOtlpGrpc(grpc: GrpcServer, receiver: Receiver): void {
  const exporting =
    <T>(signal: Signal, answer: (outcome: Outcome) => T) =>
    async (bytes: Buffer, { caller }: GrpcCall): Promise<T> => {
      const room = receiver.enter();
      try {
        room.take(bytes.length);
      } catch (error) {
        room.leave();
        throw Problem.from(error);
      }
      return answer(await receiver.take(signal, 'protobuf', bytes, caller, room));
    };
  const traces: UndecodedHandlers<(typeof TraceService)['method']> = {
    export: exporting('traces', (outcome) => (outcome.rejected === 0 ? {} : { partialSuccess: spansRejected(outcome) })),
  };
  grpc.addUndecoded(TraceService, traces);
  grpc.addUndecoded(LogsService, { export: exporting('logs', () => ({})) });
  grpc.addUndecoded(MetricsService, { export: exporting('metrics', () => ({})) });
}

export function spansRejected({ rejected, message }: Outcome): { rejectedSpans: bigint; errorMessage: string } {
  return { rejectedSpans: BigInt(rejected), errorMessage: message };
}
