// What failed first, over the real doors: kept with an execution whatever the order of its events, asked for and grouped by. Run on
// embedded stores and on real servers.
import { ImportService, ListingService, openGrpcClient } from '@tmws/contracts';
import { eventually } from '@tmws/testkit';
import { type Servers, startTimeline } from './start-timeline.ts';

const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
const nothing = { q: '', workflow: '', statuses: [] as string[], fromNs: 0n, toNs: 0n };

interface Told {
  readonly type: string;
  readonly seconds: number;
  readonly data: object;
}

const failing = (stepId: string, seconds: number, error?: object, more: object = {}): Told => ({
  type: 'tmws.step.failed',
  seconds,
  data: { stepId, startedAt: at(seconds - 1), finishedAt: at(seconds), error, ...more },
});
const ended: Told = { type: 'tmws.execution.failed', seconds: 30, data: { finishedAt: at(30) } };
const refused = { type: 'Refused', message: 'HTTP 429 after 3 tries' };

export function firstFailureContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let listing: ReturnType<typeof openGrpcClient<typeof ListingService.method>>;
  let imports: ReturnType<typeof openGrpcClient<typeof ImportService.method>>;
  let count = 0;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => t0 + 3_600_000);
    listing = openGrpcClient(ListingService, timeline.address, { timeoutMs: 10_000 });
    imports = openGrpcClient(ImportService, timeline.address, { timeoutMs: 10_000 });
  }, 60_000);
  afterAll(async () => {
    listing.close();
    imports.close();
    await timeline.stop();
  }, 30_000);

  const options = (name: string) => ({ caller: { ...timeline.caller, namespace: `${timeline.namespace}-${name}` } });
  const eventsOf = (executionId: string, told: readonly Told[]) =>
    told.map(({ type, seconds, data }) => ({
      specversion: '1.0',
      id: `f${++count}`,
      source: `/test/${timeline.namespace}`,
      type,
      time: at(seconds),
      data: { executionId, workflow: { name: 'agent' }, ...data },
    }));
  /** One after the other, each in a recording of its own. */
  const tell = async (name: string, executionId: string, told: readonly Told[]): Promise<void> => {
    for (const [n, { data, ...event }] of eventsOf(executionId, told).entries()) {
      const headers = Object.entries({ ...event, tmwsnamespace: options(name).caller.namespace });
      await timeline.host.events.publish([
        {
          topic: 'tmws.workflow',
          key: Buffer.from(executionId),
          headers: {
            ...Object.fromEntries(headers.map(([key, value]) => [`ce_${key}`, value])),
            'content-type': 'application/json',
          },
          value: Buffer.from(JSON.stringify(data)),
        },
      ]);
      await eventually(async () => expect(await find(name, executionId)).toMatchObject({ revision: BigInt(n + 1) }));
    }
  };
  const find = async (name: string, id: string) => {
    const { items } = await timeline.client.listExecutions(
      { ...nothing, q: `id:${id}`, sort: '', limit: 5, cursor: '' },
      options(name),
    );
    return items.find((each) => each.id === id);
  };
  const idsOf = async (name: string, q: string) => {
    const { items } = await timeline.client.listExecutions(
      { ...nothing, q, sort: 'startedAt', limit: 50, cursor: '' },
      options(name),
    );
    return items.map(({ id }) => id).toSorted();
  };

  test('failures that only their steps tell of are grouped, counted and found by the step that failed first', async () => {
    const name = 'groups';
    await tell(name, 'a1', [failing('tool.search', 5, refused), failing('plan', 9, { type: 'Late', message: 'gave up' }), ended]);
    await tell(name, 'a2', [failing('tool.search', 6, { type: 'Refused', message: 'HTTP 429 after 5 tries' }), ended]);
    await tell(name, 'b1', [failing('write-7', 6, refused), ended]);
    await tell(name, 'b2', [failing('write-12', 6, refused), ended]);
    await tell(name, 'c1', [{ ...ended, data: { ...ended.data, error: { type: 'OutOfMemory', message: 'killed' } } }]);

    const { groups, facets } = await listing.summarize({ filter: nothing }, options(name));
    const told = groups.map(({ step, errorType, message, count: n }) => [n, step, errorType, message]);
    expect(told.toSorted()).toEqual([
      [1, '', 'OutOfMemory', 'killed'],
      [2, 'tool.search', 'Refused', 'HTTP * after * tries'],
      [2, 'write-*', 'Refused', 'HTTP * after * tries'],
    ]);
    for (const { q, exampleIds } of groups) expect(await idsOf(name, q)).toEqual(exampleIds.toSorted());
    const counted = new Map(facets.map(({ key, values }) => [key, values.map(({ value, count: n }) => [value, Number(n)])]));
    expect(counted.get('error')).toEqual([
      ['Refused', 4],
      ['OutOfMemory', 1],
    ]);
    expect(counted.get('failed-at')).toEqual([
      ['tool.search', 2],
      ['', 1],
      ['write-12', 1],
      ['write-7', 1],
    ]);
    expect(await idsOf(name, 'failed-at:tool.*')).toEqual(['a1', 'a2']);
    expect(await idsOf(name, 'failed-at:write-12,TOOL.search')).toEqual(['a1', 'a2', 'b2']);
    expect(await idsOf(name, '-failed-at:*')).toEqual(['c1']);
    expect(await idsOf(name, 'error:refused message:"429 after 5"')).toEqual(['a2']);
    expect(await idsOf(name, '-error:*')).toEqual([]);
    const { items } = await listing.suggest({ q: 'failed-at:to', cursor: 12 }, options(name));
    expect(items).toMatchObject([{ text: 'tool.search', count: 2 }]);
    expect((await find(name, 'a1'))?.firstFailure).toMatchObject({ step: 'tool.search', error: refused });
    expect((await find(name, 'c1'))?.firstFailure).toBeUndefined();
  });

  test('the order of events, a later attempt, a rebuild and an import all give the same', async () => {
    const name = 'orders';
    const inner = failing('inner', 10, refused, { path: ['outer'], startedAt: at(8) });
    const outer = failing('outer', 10, undefined, { startedAt: at(2) });
    // It failed before them all, but then it succeeded.
    const retried = [
      failing('flaky', 3, { type: 'Early', message: 'once' }),
      { type: 'tmws.step.completed', seconds: 5, data: { stepId: 'flaky', attempt: 2, startedAt: at(4), finishedAt: at(5) } },
    ];
    const [first, second] = retried as [Told, Told];
    const orders = [
      [first, second, inner, outer, ended],
      [ended, outer, inner, second, first],
      [inner, ended, first, outer, second],
      [outer, first, ended, second, inner],
    ];
    for (const [n, order] of orders.entries()) await tell(name, `run-${n}`, order);
    const firsts = async () => Promise.all(orders.map(async (_, n) => (await find(name, `run-${n}`))?.firstFailure?.step));
    expect(await firsts()).toEqual(orders.map(() => 'inner'));

    const file = eventsOf('imported', orders[1] ?? []).map((event) => JSON.stringify(event));
    const parts = async function* () {
      yield { part: { case: 'options' as const, value: { name: 'run.jsonl' } } };
      yield await Promise.resolve({ part: { case: 'chunk' as const, value: Buffer.from(file.join('\n')) } });
    };
    await imports.startImport(parts(), options(name));
    await eventually(async () => expect((await find(name, 'imported'))?.firstFailure?.step).toBe('inner'));

    for await (const { done, total } of timeline.client.rebuild({}, options(name))) expect(done).toBeLessThanOrEqual(total);
    await eventually(async () => expect(await firsts()).toEqual(orders.map(() => 'inner')));
  });

  test('an execution that runs again after all has failed at nothing', async () => {
    const name = 'resumed';
    const completed = { type: 'tmws.execution.completed', seconds: 40, data: { finishedAt: at(40) } };
    await tell(name, 'run', [failing('load', 5, refused), ended]);
    expect((await find(name, 'run'))?.firstFailure?.step).toBe('load');
    await tell(name, 'other', [failing('load', 5, refused), completed]);
    expect((await find(name, 'other'))?.firstFailure).toBeUndefined();
    expect(await idsOf(name, 'failed-at:load')).toEqual(['run']);
  });
}
