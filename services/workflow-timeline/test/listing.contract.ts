// Lists of executions over the real doors: the query language, the summary, suggestions, durations and the export. Run on embedded
// stores and on real servers.
import { ListingService, openGrpcClient } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { type Servers, startTimeline } from './start-timeline.ts';

const topic = 'tmws.workflow';
const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
const nothing = { q: '', workflow: '', statuses: [] as string[], fromNs: 0n, toNs: 0n };

interface Told {
  id: string;
  workflow: string;
  version?: string;
  name?: string;
  /** Seconds after t0, and how long it took; without a length it runs. */
  start: number;
  took?: number;
  ends?: 'completed' | 'failed' | 'timed_out' | 'cancelled';
  error?: { type: string; message: string };
  steps?: number;
  parent?: string;
}

const told: Told[] = [
  {
    id: 'run-1',
    workflow: 'research',
    version: '7',
    name: 'Why is the sky blue?',
    start: 0,
    took: 10,
    ends: 'completed',
    steps: 3,
  },
  { id: 'run-2', workflow: 'research', version: '7', start: 60, took: 20, ends: 'completed' },
  { id: 'run-3', workflow: 'research', version: '8', start: 120, took: 40, ends: 'completed' },
  {
    id: 'bad-1',
    workflow: 'etl',
    start: 180,
    took: 30,
    ends: 'failed',
    error: { type: 'Timeout', message: 'no answer in 30 s' },
  },
  {
    id: 'bad-2',
    workflow: 'etl',
    start: 240,
    took: 31,
    ends: 'timed_out',
    error: { type: 'Timeout', message: 'no answer in 31 s' },
  },
  {
    id: 'bad-3',
    workflow: 'etl',
    start: 300,
    took: 1,
    ends: 'failed',
    error: { type: 'SqlError', message: 'table "a_b%" is gone' },
  },
  { id: 'bad-4', workflow: 'etl 100%', start: 330, took: 1, ends: 'failed' },
  { id: 'child', workflow: 'sub', start: 360, took: 5, ends: 'cancelled', parent: 'run-3' },
  { id: 'open', workflow: 'research', version: '8', start: 3500 },
];

export function listingContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let listing: ReturnType<typeof openGrpcClient<typeof ListingService.method>>;
  const nowMs = t0 + 3_600_000;
  let count = 0;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs);
    listing = openGrpcClient(ListingService, timeline.address, { timeoutMs: 10_000 });
    await timeline.host.events.publish(told.flatMap(eventsOf).map(recordOf));
    await eventually(async () => {
      const { items } = await timeline.client.listExecutions({ ...nothing, sort: '', limit: 500, cursor: '' }, timeline.options);
      expect(items.map(({ id, status }) => [id, status])).toEqual(
        told.toReversed().map(({ id, ends = 'running' }) => [id, ends]),
      );
    });
  }, 60_000);
  afterAll(async () => {
    listing.close();
    await timeline.stop();
  }, 30_000);

  const recordOf = ({ type, data }: { type: string; data: object }) => ({
    topic,
    key: undefined,
    headers: {
      ce_specversion: '1.0',
      ce_id: `e${++count}`,
      ce_source: `/test/${timeline.namespace}`,
      ce_type: type,
      ce_time: at(0),
      ce_tmwsnamespace: timeline.namespace,
      'content-type': 'application/json',
    },
    value: Buffer.from(JSON.stringify(data)),
  });
  const list = async (q: string, more: object = {}) => {
    const request = { ...nothing, sort: 'startedAt', limit: 500, cursor: '', q, ...more };
    return (await timeline.client.listExecutions(request, timeline.options)).items.map(({ id }) => id);
  };
  const summary = (q: string, more: object = {}) => listing.summarize({ filter: { ...nothing, q, ...more } }, timeline.options);
  const problemOf = (promise: Promise<unknown>): Promise<Problem> =>
    promise.then(
      () => Promise.reject(new Error('it was answered')),
      (error: unknown) => {
        if (error instanceof Problem) return error;
        throw error;
      },
    );

  test.each<[string, string[]]>([
    ['', ['run-1', 'run-2', 'run-3', 'bad-1', 'bad-2', 'bad-3', 'bad-4', 'child', 'open']],
    ['RESEARCH', ['run-1', 'run-2', 'run-3', 'open']],
    ['run- -version:7', ['run-3']],
    ['sky why', ['run-1']],
    ['"is the sky"', ['run-1']],
    ['sky*blue', ['run-1']],
    ['status:failed,timed_out', ['bad-1', 'bad-2', 'bad-3', 'bad-4']],
    ['-status:completed,failed', ['bad-2', 'child', 'open']],
    ['workflow:re*', ['run-1', 'run-2', 'run-3', 'open']],
    ['workflow:Research version:8', ['run-3', 'open']],
    ['workflow:"etl 100%"', ['bad-4']],
    ['workflow:et_', []],
    ['name:why*', ['run-1']],
    ['name:etl', ['bad-1', 'bad-2', 'bad-3']],
    ['id:run- duration:>=20s', ['run-2', 'run-3']],
    ['id:UN-', []],
    ['duration:10s..31s', ['run-1', 'run-2', 'bad-1', 'bad-2']],
    ['-duration:<60s', ['open']],
    ['duration:>1m', ['open']],
    ['started:>=10m', ['open']],
    ['started:<2026-03-01T12:01:30Z', ['run-1', 'run-2']],
    ['-started:>2026-03-01T12:00:00Z', ['run-1']],
    ['started:2026-03-02', []],
    ['steps:>2', ['run-1']],
    ['steps:0,3 research', ['run-1', 'run-2', 'run-3', 'open']],
    ['error:timeout', ['bad-1', 'bad-2']],
    ['status:failed -error:*', ['bad-4']],
    ['error:T*,SqlError', ['bad-1', 'bad-2', 'bad-3']],
    ['message:"a_b%"', ['bad-3']],
    ['message:"answer in * s"', ['bad-1', 'bad-2']],
    ['parent:run-3', ['child']],
    ['-parent:*  -origin:* research', ['run-1', 'run-2', 'run-3', 'open']],
    ["'; DROP TABLE x", []],
  ])('the query %j finds what it says', async (q, ids) => {
    expect(await list(q)).toEqual(ids);
    expect((await summary(q)).total).toBe(BigInt(ids.length));
  });

  test('a query combines with the plain parameters', async () => {
    expect(await list('duration:<40s', { workflow: 'research', statuses: ['completed'] })).toEqual(['run-1', 'run-2']);
    expect(await list('status:failed', { statuses: ['timed_out'] })).toEqual([]);
    const fromNs = BigInt(t0 + 200_000) * 1_000_000n;
    expect(await list('etl', { fromNs, toNs: fromNs + 61_000_000_000n })).toEqual(['bad-2']);
  });

  test('pages of a query go on where they were, whatever the order', async () => {
    for (const sort of ['startedAt', '-startedAt', 'duration', '-duration', '-changed']) {
      const ids: string[] = [];
      let cursor = '';
      do {
        const request = { ...nothing, q: '-status:cancelled', sort, limit: 3, cursor };
        const page = await timeline.client.listExecutions(request, timeline.options);
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== '');
      expect(ids.toSorted()).toEqual((await list('-status:cancelled')).toSorted());
      if (sort === 'duration') expect(ids.slice(0, 4)).toEqual(['bad-3', 'bad-4', 'run-1', 'run-2']);
      if (sort === '-duration') expect(ids[0]).toBe('open');
    }
  });

  test('a wrong word is refused with its place, by the list and by all that take a query', async () => {
    const refused = { kind: 'invalid', field: 'q', position: { start: 5, end: 11 } };
    const q = 'etl  stauts:failed';
    expect(await problemOf(list(q))).toMatchObject(refused);
    const problem = await problemOf(summary(q));
    expect(problem).toMatchObject(refused);
    expect(problem.message).toMatch(/^q at 6: there is no key "stauts"; keys are status, /);
    expect(await problemOf(Array.fromAsync(listing.export({ filter: { ...nothing, q } }, timeline.options)))).toMatchObject(
      refused,
    );
    expect(await problemOf(list('a\0'))).toMatchObject({ field: 'q', position: { start: 1, end: 2 } });
    expect(await problemOf(summary('', { statuses: ['lost'] }))).toMatchObject({ field: 'status' });
  });

  test('the summary counts by what executions are, under the filter', async () => {
    const { total, estimated, facets, terms } = await summary('-status:running');
    expect([total, estimated]).toEqual([8n, false]);
    expect(terms).toMatchObject([{ start: 0, end: 15, key: 'status', not: true }]);
    const counted = Object.fromEntries(
      facets.map(({ key, values }) => [key, values.map(({ value, count: n }) => [value, Number(n)])]),
    );
    expect(counted).toEqual({
      status: [
        ['completed', 3],
        ['failed', 3],
        ['cancelled', 1],
        ['timed_out', 1],
      ],
      workflow: [
        ['etl', 3],
        ['research', 3],
        ['etl 100%', 1],
        ['sub', 1],
      ],
      version: [
        ['', 5],
        ['7', 2],
        ['8', 1],
      ],
      origin: [['', 8]],
      error: [
        ['', 5],
        ['Timeout', 2],
        ['SqlError', 1],
      ],
      'failed-at': [
        ['', 5],
        ['load', 3],
      ],
    });
  });

  test('the histogram has round buckets that cover the executions, and sums to the total', async () => {
    // The axis is that of all executions in the range of time, so that it stays where it is while one filters.
    const { histogram, total } = await summary('-status:completed started:<30m');
    // From 12:00:00 to 12:06:00 in five seconds at most 120 times.
    expect(histogram).toMatchObject({ fromNs: BigInt(t0) * 1_000_000n, bucketNs: 5_000_000_000n, buckets: 73 });
    const sum = (histogram?.series ?? []).flatMap(({ counts }) => counts).reduce((a, b) => a + b, 0);
    expect(BigInt(sum)).toBe(total);
    const failed = histogram?.series.find(({ status }) => status === 'failed')?.counts ?? [];
    expect(failed.flatMap((n, bucket) => (n === 0 ? [] : [bucket]))).toEqual([36, 60, 66]);
  });

  test('failures with one cause are one group, named by what they failed at, and its query finds them', async () => {
    const { groups, failuresGrouped, moreFailures } = await summary('');
    expect([failuresGrouped, moreFailures]).toEqual([4, false]);
    expect(groups).toMatchObject([
      { errorType: 'Timeout', message: 'no answer in * s', step: 'load', count: 2, exampleIds: ['bad-2', 'bad-1'] },
      { errorType: '', message: '', step: '', count: 1, exampleIds: ['bad-4'] },
      { errorType: 'SqlError', message: 'table "a_b%" is gone', step: 'load', count: 1 },
    ]);
    expect(groups[0]).toMatchObject({ firstNs: BigInt(t0 + 210_000) * 1_000_000n, lastNs: BigInt(t0 + 271_000) * 1_000_000n });
    for (const { q, exampleIds } of groups) expect(await list(q)).toEqual(exampleIds.toReversed());
    expect((await summary('status:completed')).groups).toEqual([]);
    expect((await summary('error:SqlError')).groups).toHaveLength(1);
  });

  test('when nothing matches it says how many there are at any time, and at all', async () => {
    const { total, histogram, atAnyTime, inNamespace } = await summary('etl', { fromNs: BigInt(nowMs) * 1_000_000n });
    expect([total, histogram, atAnyTime, inNamespace]).toEqual([0n, undefined, 4n, 9n]);
    expect(await summary('nobody')).toMatchObject({ atAnyTime: 0n, inNamespace: 9n });
    expect((await summary('etl')).atAnyTime).toBeUndefined();
  });

  test('how long a workflow takes is known from its completed runs', async () => {
    const { workflows } = await listing.getDurations({}, timeline.options);
    const second = 1_000_000_000n;
    expect(workflows).toMatchObject([
      { workflow: 'research', runs: 3, p50Ns: 20n * second, p90Ns: 40n * second, p95Ns: 40n * second, maxNs: 40n * second },
    ]);
  });

  test('a query is completed by keys and by the values there are, and says what is wrong so far', async () => {
    const suggest = async (q: string, cursor = q.length) => {
      const { start, end, items, fault } = await listing.suggest({ q, cursor }, timeline.options);
      return { start, end, items: items.map(({ text, count: n }) => [text, n]), fault: fault?.message };
    };
    expect(await suggest('status:failed st')).toMatchObject({
      start: 14,
      end: 16,
      items: [
        ['status:', undefined],
        ['started:', undefined],
        ['steps:', undefined],
      ],
    });
    expect(await suggest('workflow:E')).toMatchObject({
      start: 9,
      end: 10,
      items: [
        ['etl', 3],
        ['"etl 100%"', 1],
      ],
      fault: undefined,
    });
    expect((await suggest('message:"no a')).items).toEqual([
      ['"no answer in 30 s"', 1],
      ['"no answer in 31 s"', 1],
    ]);
    expect((await suggest('id:bad-')).items).toHaveLength(4);
    expect((await suggest('wrong:')).fault).toContain('there is no key "wrong"');
  });

  test('all that match are exported, newest first, as the list has them', async () => {
    const all = await Array.fromAsync(listing.export({ filter: { ...nothing, q: 'etl' } }, timeline.options));
    expect(all.flatMap(({ items }) => items).map(({ id }) => id)).toEqual((await list('etl')).toReversed());
    expect(await Array.fromAsync(listing.export({ filter: { ...nothing, q: 'nobody' } }, timeline.options))).toEqual([]);
  });

  test('another namespace sees none of it', async () => {
    const caller = { ...timeline.caller, namespace: `${timeline.namespace}x` };
    expect(await listing.summarize({}, { caller })).toMatchObject({ total: 0n, inNamespace: 0n });
    expect(await Array.fromAsync(listing.export({}, { caller }))).toEqual([]);
    expect((await listing.getDurations({}, { caller })).workflows).toEqual([]);
  });
}

function eventsOf({ id, workflow, version = '', name, start, took, ends, error, steps = 0, parent }: Told) {
  const data = {
    executionId: id,
    workflow: { name: workflow, version },
    ...(parent !== undefined && { parentExecutionId: parent }),
  };
  const ended =
    took === undefined ? [] : [{ type: `tmws.execution.${ends}`, data: { ...data, finishedAt: at(start + took), error } }];
  const failedAt = error === undefined ? [] : ['load'];
  const names = [...Array.from({ length: steps }, (_, n) => `step-${n}`), ...failedAt];
  return [
    { type: 'tmws.execution.started', data: { ...data, name, startedAt: at(start) } },
    ...names.map((stepId) => ({
      type: stepId === 'load' ? 'tmws.step.failed' : 'tmws.step.completed',
      data: { ...data, stepId, startedAt: at(start), finishedAt: at(start + (took ?? 0)) },
    })),
    ...ended,
  ];
}
