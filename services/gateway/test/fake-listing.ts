import { create } from '@bufbuild/protobuf';
import { type Execution, ExecutionSchema, type Handlers, type ListingService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';

export type ListingHandlers = Handlers<(typeof ListingService)['method']>;

export const startNs = 1_772_366_400_000_000_000n;

export function anExported(id: string, more: Partial<Omit<Execution, '$typeName' | '$unknown'>> = {}): Execution {
  return create(ExecutionSchema, {
    id,
    namespace: 'default',
    workflow: { name: 'etl', version: '7' },
    name: 'nightly',
    status: 'failed',
    startedAtNs: startNs,
    startedAt: '2026-03-01T12:00:00Z',
    finishedAtNs: startNs + 4_200_000_000n,
    finishedAt: '2026-03-01T12:00:04.2Z',
    makespanNs: 4_200_000_000n,
    stepCount: 3,
    stepsByStatus: { completed: 2, failed: 1 },
    error: { type: 'Timeout', message: 'no answer' },
    ...more,
  });
}

/** One failure of one workflow; `stauts:` is a wrong word. */
export function cannedListing(): ListingHandlers {
  const wrong = (q = ''): void => {
    if (!q.startsWith('stauts:')) return;
    throw new Problem('invalid', 'q at 1: there is no key "stauts"', { field: 'q', position: { start: 0, end: 6 } });
  };
  return {
    summarize: async ({ filter }) => {
      wrong(filter?.q);
      return Promise.resolve({
        total: 1n,
        terms: [{ start: 0, end: 13, key: 'status' }],
        facets: [{ key: 'status', values: [{ value: 'failed', count: 1n }] }],
        histogram: { fromNs: startNs, bucketNs: 1_000_000n, buckets: 1, series: [{ status: 'failed', counts: [1] }] },
        groups: [
          {
            fingerprint: 'f'.repeat(16),
            errorType: 'Timeout',
            message: 'no answer',
            step: 'load',
            count: 1,
            exampleIds: ['run-1'],
          },
        ],
        failuresGrouped: 1,
      });
    },
    getDurations: () => Promise.resolve({ workflows: [{ workflow: 'etl', runs: 9, p50Ns: 5n, maxNs: 9n }], lookedAt: 20_000 }),
    suggest: ({ cursor }) =>
      Promise.resolve({
        start: 0,
        end: cursor,
        items: [
          { text: 'status:', note: 'a state' },
          { text: 'etl', count: 3 },
        ],
        fault: { start: 0, end: 1, message: 'no' },
      }),
    async *export({ filter }) {
      wrong(filter?.q);
      yield await Promise.resolve({ items: [anExported('run-1'), anExported('=cmd|"x"', { name: '-1, "a"\r\nb' })] });
      yield { items: [create(ExecutionSchema, { id: 'run-3', status: 'planned' })] };
    },
  };
}
