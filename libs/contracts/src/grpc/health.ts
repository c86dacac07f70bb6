import { Problem } from '@tmws/problems';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '../gen/grpc/health/v1/health_pb.ts';
import type { Handlers } from './handlers.ts';

/** Whether the process serves; all its services share one answer. */
export interface ServingState {
  serving: boolean;
  readonly watchers: Set<() => void>;
}

/** gRPC health (grpc/grpc, doc/health-checking.md): "" is the whole process. */
export function healthHandlers(state: ServingState, services: () => string[]): Handlers<typeof Health.method> {
  const statusOf = (service: string): Status => {
    if (service !== '' && !services().includes(service)) return Status.SERVICE_UNKNOWN;
    return state.serving ? Status.SERVING : Status.NOT_SERVING;
  };
  return {
    check({ service }) {
      const status = statusOf(service);
      if (status !== Status.SERVICE_UNKNOWN) return Promise.resolve({ status });
      throw new Problem('not_found', `there is no service ${JSON.stringify(service)} here; reflection lists those there are`);
    },
    list: () =>
      Promise.resolve({
        statuses: Object.fromEntries(['', ...services()].map((service) => [service, { status: statusOf(service) }])),
      }),
    async *watch({ service }, { signal }) {
      let told: Status | undefined;
      while (!signal.aborted) {
        const status = statusOf(service);
        if (status !== told) yield { status };
        told = status;
        await changed(state, signal);
      }
    },
  };
}

function changed(state: ServingState, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      state.watchers.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    state.watchers.add(wake);
    signal.addEventListener('abort', wake);
  });
}
