// A real server and a real client of TimelineService on loopback.
import type { GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import {
  anonymous,
  type CallOptions,
  type GrpcClient,
  type GrpcServer,
  type Handlers,
  openGrpcClient,
  openGrpcServer,
  TimelineService,
} from '@tmws/contracts';
import { openLogger, openMetrics } from '@tmws/telemetry';

type Methods = (typeof TimelineService)['method'];

export interface Pair extends AsyncDisposable {
  readonly server: GrpcServer;
  readonly address: string;
  readonly client: GrpcClient<Methods>;
  /** Log lines of the server. */
  readonly lines: string[];
}

export const options: CallOptions = { caller: anonymous('team-a', 'request-1') };

/** What is not given fails when it is called. */
export async function openPair(handlers: Partial<Handlers<Methods>>, timeoutMs = 10_000): Promise<Pair> {
  const lines: string[] = [];
  const logger = openLogger('test', 'info', { write: (line: string) => void lines.push(line) });
  const server = openGrpcServer({ host: '127.0.0.1', port: 0, logger, metrics: openMetrics() });
  server.add(TimelineService, handlers as Handlers<GenServiceMethods> as Handlers<Methods>);
  const address = `127.0.0.1:${await server.listen()}`;
  server.setServing(true);
  const client = openGrpcClient(TimelineService, () => address, { timeoutMs });
  const close = async (): Promise<void> => {
    client.close();
    await server.close(0);
  };
  return { server, address, client, lines, [Symbol.asyncDispose]: close };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}

/** All messages of a stream. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
