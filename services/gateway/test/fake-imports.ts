// A real gRPC server that takes files in and has one operation: what the gateway meets on the wire.
import { create } from '@bufbuild/protobuf';
import { type Handlers, ImportService, openGrpcServer, type Operation, OperationSchema, OperationService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { openImportClient, openOperationClient } from '../src/outbound/import-clients.ts';
import { type Answers, type Heard, overheard } from './overheard.ts';

type ImportHandlers = Handlers<(typeof ImportService)['method']>;
type OperationHandlers = Handlers<(typeof OperationService)['method']>;

const imported = {
  id: 'imp-5d41402abc4b2a76',
  namespace: 'default',
  name: 'history.json',
  sha256: 'f86d',
  sizeBytes: 12n,
  format: 'temporal',
  executionCount: 1,
  stepCount: 7,
  executions: [{ id: 'run-42', steps: 7 }],
  importedAt: '2026-03-01T12:00:01.000Z',
};

export function anOperation(status: string): Operation {
  return create(OperationSchema, {
    id: imported.id,
    namespace: 'default',
    kind: 'import',
    status,
    name: 'history.json',
    done: status === 'done' ? 30 : 10,
    total: 30,
    unit: 'facts',
    rate: 20,
    createdAt: '2026-03-01T12:00:00.000Z',
    startedAt: '2026-03-01T12:00:00.500Z',
    ...(status === 'running' && { etaSeconds: 1 }),
    ...(status === 'done' && { result: imported, finishedAt: '2026-03-01T12:00:01.000Z' }),
    ...(status === 'failed' && {
      problem: {
        type: 'urn:tmws:problem:invalid',
        title: 'no',
        status: 400,
        kind: 'invalid',
        detail: 'line 17: time is missing',
      },
    }),
  });
}

/** The operation runs; a watcher sees how it ends. */
function canned(received: Buffer[]): Answers<ImportHandlers & OperationHandlers> {
  const known = ({ id }: { id: string }): void => {
    if (id !== imported.id) throw new Problem('not_found', `there is no operation ${JSON.stringify(id)}`);
  };
  return {
    async startImport(requests) {
      for await (const { part } of requests) if (part.case === 'chunk') received.push(Buffer.from(part.value));
      return { operation: anOperation('running') };
    },
    listImports: () => Promise.resolve({ items: [imported], nextCursor: 'next' }),
    getImport: async (request) => {
      known(request);
      return Promise.resolve({ import: imported });
    },
    getOperation: async (request) => {
      known(request);
      return Promise.resolve({ operation: anOperation('running') });
    },
    listOperations: () => Promise.resolve({ items: [anOperation('running')], nextCursor: 'next' }),
    cancelOperation: async (request) => {
      known(request);
      return Promise.resolve({ operation: anOperation('running') });
    },
    async *watchOperation() {
      yield await Promise.resolve({ operation: anOperation('running') });
      yield { operation: anOperation('done') };
    },
  };
}

export async function openFakeImports() {
  const heard: Heard[] = [];
  const received: Buffer[] = [];
  const answers = canned(received);
  const handlers = overheard(answers, heard);
  const server = openGrpcServer({ host: '127.0.0.1', port: 0, logger: openLogger('fake', 'silent'), metrics: openMetrics() });
  server.add(ImportService, handlers);
  server.add(OperationService, handlers);
  const address = `127.0.0.1:${await server.listen()}`;
  const imports = openImportClient(() => address, { token: undefined, callTimeoutMs: 5000 });
  const operations = openOperationClient(() => address, { token: undefined, callTimeoutMs: 5000 });
  return {
    heard,
    answers,
    /** What was sent of the file, in order. */
    received: () => Buffer.concat(received),
    ports: { imports, operations },
    async [Symbol.asyncDispose]() {
      imports.close();
      operations.close();
      await server.close(0);
    },
  };
}
