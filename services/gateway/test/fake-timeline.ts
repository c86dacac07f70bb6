// A real gRPC server with canned answers: what the gateway meets on the wire.
import { create } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import {
  type Execution,
  ExecutionSchema,
  type Handlers,
  openGrpcServer,
  ListingService,
  PictureService,
  RetentionService,
  TimelineService,
} from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { cannedPictures, type PictureHandlers } from './fake-pictures.ts';
import { cannedListing, type ListingHandlers } from './fake-listing.ts';
import { cannedRetention, type RetentionHandlers } from './fake-retention.ts';
import { type Answers, type Heard, overheard } from './overheard.ts';

type TimelineHandlers = Handlers<(typeof TimelineService)['method']>;

export const startNs = 1_772_366_400_000_000_000n;

export function anExecution(id: string, more: Partial<Pick<Execution, 'name' | 'status' | 'revision'>> = {}): Execution {
  return create(ExecutionSchema, {
    id,
    namespace: 'default',
    workflow: { name: 'research-agent', version: '7' },
    name: 'research-agent',
    status: 'running',
    startedAtNs: startNs,
    startedAt: '2026-03-01T12:00:00Z',
    stepCount: 2,
    stepsByStatus: { completed: 1, running: 1 },
    revision: 7n,
    makespanNs: 4_200_000_000n,
    ...more,
  });
}

const rows = [
  {
    stepKey: '0f4c2d9a7be1835560d1c9e24ab3f798',
    stepId: 'search',
    name: 'search',
    kind: 'tool',
    status: 'completed',
    attempts: [
      {
        attempt: 1,
        status: 'completed',
        startNs,
        endNs: startNs + 5n,
        waits: [{ kind: 'queue', fromNs: startNs, toNs: startNs + 1n }],
        usage: { tokens: 12n, costUsd: 0.5 },
        error: { type: 'Timeout', message: 'late' },
      },
    ],
  },
];

/** Handlers that know one execution, `run-42`; tests replace those they are about. */
function canned(): TimelineHandlers {
  const known = ({ id }: { id: string }): void => {
    if (id !== 'run-42' && id !== 'a/b c?ü') throw new Problem('not_found', `there is no execution ${JSON.stringify(id)}`);
  };
  return {
    listExecutions: () => Promise.resolve({ items: [anExecution('run-42')], nextCursor: 'next', revision: 7n }),
    getExecution: async (request) => {
      known(request);
      return Promise.resolve({ execution: anExecution(request.id) });
    },
    getTimeline: async (request) => {
      known(request);
      return Promise.resolve({
        execution: anExecution(request.id),
        asOfNs: startNs + 9n,
        startNs,
        endNs: startNs + 9n,
        rows,
      });
    },
    getCriticalPath: async (request) => {
      known(request);
      const segments = [{ stepKey: 'k', stepId: 'search', attempt: 1, kind: 'run', startNs, endNs: startNs + 5n }];
      return Promise.resolve({ makespanNs: 5n, asOfNs: startNs + 9n, segments, nsByKind: { run: 5n } });
    },
    getBottlenecks: async (request) => {
      known(request);
      const feasibility = { word: 'shorten', reason: 'it ran 100 % of its time' };
      return Promise.resolve({
        makespanNs: 5n,
        unknownShare: 0.25,
        steps: [{ stepKey: 'k', stepId: 'search', dragNs: 5n, feasibility }],
        types: [{ by: 'kind', value: 'tool', steps: 1, dragNs: 5n }],
      });
    },
    getWaits: async (request) => {
      known(request);
      const behind = [{ stepKey: 'k2', stepId: 'read', attempt: 1, ns: 3n }];
      const causes = [{ cause: 'contention', ns: 4n, pool: 'web', worker: 'w-1', behind, behindCount: 2 }];
      return Promise.resolve({
        makespanNs: 9n,
        asOfNs: startNs + 9n,
        stepsWaited: 1,
        waitedNs: 4n,
        nsByKind: { queue: 4n },
        nsByCause: { contention: 4n },
        steps: [
          { stepKey: 'k', stepId: 'search', waitedNs: 4n, pieces: [{ attempt: 1, kind: 'queue', fromNs: 1n, toNs: 5n, causes }] },
        ],
        pools: [{ pool: 'web', tries: 2, utilisation: 0.5, blameBy: 'name', blame: [{ waiting: 'search', on: 'read', ns: 3n }] }],
      });
    },
    getStep: async (request) => {
      known(request);
      if (request.stepKey !== rows[0]?.stepKey) throw new Problem('not_found', `there is no step ${request.stepKey}`);
      const facts = [{ type: 'completed', timeNs: startNs, source: '/engine', eventId: 'e-1', seq: 3n }];
      return Promise.resolve({
        row: rows[0],
        asOfNs: startNs,
        attempts: [
          {
            attempt: 1,
            status: 'completed',
            facts,
            input: { inline: create(ValueSchema, { kind: { case: 'stringValue', value: 'q' } }), sha256: 'a', bytes: 3n },
            output: { sha256: 'f'.repeat(64), bytes: 9000n, truncated: true, wholeBytes: 70_000n },
            reads: [{ key: 's3://b/q', bytes: 3n }],
          },
        ],
        dependsOn: [{ stepKey: 'k2', stepId: 'plan', name: 'plan', status: 'completed' }],
        waits: { stepKey: 'k', stepId: 'search', waitedNs: 1n },
        drag: { stepKey: 'k', stepId: 'search', dragNs: 5n, resourceDragNs: 6n },
        straggler: { stepKey: 'k', stepId: 'search', siblings: 9, z: 4.5, noImpact: true },
      });
    },
    getStepPayload: async (request) => {
      known(request);
      if (request.sha256 !== 'f'.repeat(64)) throw new Problem('not_found', `there is no value ${request.sha256}`);
      return Promise.resolve({ json: Buffer.from('{"answer": "ü"}') });
    },
    getGraph: async (request) => {
      known(request);
      if (request.format !== 'json') return Promise.resolve({ text: `${request.format} "ü"\n` });
      const nodes = [{ stepKey: 'k', stepId: 'search', name: 'search', kind: 'tool', status: 'completed', critical: true }];
      return Promise.resolve({ nodes, edges: [{ from: 'k', to: 'k2', kind: 'dependency' }] });
    },
    async *watchExecution({ id }) {
      yield await Promise.resolve({ execution: anExecution(id, { revision: 8n }), rows, asOfNs: startNs });
      yield { execution: anExecution(id, { revision: 9n, status: 'completed' }), rows: [], asOfNs: startNs };
    },
    async *watchExecutions(_request, { signal }) {
      yield await Promise.resolve({
        items: [anExecution('run-42'), anExecution('run-43')],
        revision: 11n,
        deletedIds: ['run-41'],
      });
      await aborted(signal);
    },
    async *rebuild() {
      yield await Promise.resolve({ done: 1n, total: 2n });
      yield { done: 2n, total: 2n, gaps: [{ topic: 'tmws.workflow', partition: 3, fromOffset: 0n, toOffset: 9n }] };
    },
  };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export interface FakeTimeline {
  readonly address: string;
  /** Calls so far, in order. */
  readonly heard: Heard[];
  /** Replace one to make it misbehave. */
  readonly answers: Answers<TimelineHandlers>;
  readonly listing: Answers<ListingHandlers>;
  readonly retention: Answers<RetentionHandlers>;
  readonly pictures: Answers<PictureHandlers>;
  close(): Promise<void>;
}

export async function openFakeTimeline(): Promise<FakeTimeline> {
  const heard: Heard[] = [];
  const answers = canned();
  const listing = cannedListing();
  const retention = cannedRetention();
  const pictures = cannedPictures();
  const server = openGrpcServer({
    host: '127.0.0.1',
    port: 0,
    logger: openLogger('fake-timeline', 'silent'),
    metrics: openMetrics(),
  });
  server.add(TimelineService, overheard(answers, heard));
  server.add(ListingService, overheard(listing, heard));
  server.add(RetentionService, overheard(retention, heard));
  server.add(PictureService, overheard(pictures, heard));
  const port = await server.listen();
  return { address: `127.0.0.1:${port}`, heard, answers, listing, retention, pictures, close: () => server.close(0) };
}
