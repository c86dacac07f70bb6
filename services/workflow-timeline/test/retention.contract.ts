// How long executions are kept and how one is taken away, over the real doors. Run on embedded stores and on real servers.
import { ImportService, openGrpcClient, RetentionService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { type Servers, startTimeline } from './start-timeline.ts';

const dayMs = 86_400_000;
const t0 = Date.parse('2026-03-01T12:00:00Z');

export function retentionContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let retention: ReturnType<typeof openGrpcClient<typeof RetentionService.method>>;
  let imports: ReturnType<typeof openGrpcClient<typeof ImportService.method>>;
  let nowMs = t0;
  let count = 0;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs, { TIMELINE_RETENTION_EVERY: '1s', TIMELINE_RETENTION_DAYS: '30' });
    imports = openGrpcClient(ImportService, timeline.address, { timeoutMs: 10_000 });
    retention = openGrpcClient(RetentionService, timeline.address, { timeoutMs: 10_000 });
  }, 60_000);
  afterAll(async () => {
    retention.close();
    imports.close();
    await timeline.stop();
  }, 30_000);

  const tell = (
    executionId: string,
    stepId: string,
    { type = 'tmws.step.completed', atMs = nowMs, namespace = timeline.namespace } = {},
  ) =>
    timeline.host.events.publish([
      {
        topic: 'tmws.workflow',
        key: Buffer.from(executionId),
        headers: {
          ce_specversion: '1.0',
          ce_id: `r${++count}`,
          ce_source: `/test/${timeline.namespace}`,
          ce_type: type,
          ce_time: new Date(atMs).toISOString(),
          ce_tmwsnamespace: namespace,
          'content-type': 'application/json',
        },
        value: Buffer.from(JSON.stringify({ executionId, ...(type.startsWith('tmws.step') && { stepId }) })),
      },
    ]);
  const options = (namespace = timeline.namespace) => ({ caller: { ...timeline.caller, namespace } });
  const get = async (id: string, namespace?: string) =>
    (
      await timeline.client.getExecution({ id }, options(namespace)).catch((error: unknown) => {
        if (error instanceof Problem && error.kind === 'not_found') return undefined;
        throw error;
      })
    )?.execution;
  const stepsOf = (id: string, stepCount: number) =>
    eventually(async () => {
      const execution = await get(id);
      expect(execution).toMatchObject({ stepCount });
      return execution;
    });

  test('what is kept can be asked for, with what it will take', async () => {
    await tell('sized', 'a');
    await stepsOf('sized', 1);
    const found = await retention.getRetention({ days: 90 }, options());
    expect(found).toMatchObject({ days: 30, own: false, defaultDays: 30, revision: 0n, executions: 1n, facts: 1n });
    expect(found.oldestDay).toBe('2026-03-01');
    expect(found.bytes).toBeGreaterThan(0n);
    expect(found.forecast).toMatchObject({ days: 90, measuredDays: 1, bytesPerDay: found.bytes, bytes: found.bytes * 91n });
    const other = await retention.getRetention({}, options(`${timeline.namespace}-empty`));
    expect(other).toMatchObject({ executions: 0n, bytes: 0n, oldestDay: '' });
  });

  test('a namespace keeps its executions as long as it says, and two who change it at once are told', async () => {
    const own = options(`${timeline.namespace}-own`);
    expect(await retention.setRetention({ days: 7, revision: 0n }, own)).toMatchObject({ days: 7, own: true, revision: 1n });
    expect(await retention.setRetention({ days: 0, revision: 1n }, own)).toMatchObject({ days: 0, revision: 2n });
    await expect(retention.setRetention({ days: 9, revision: 1n }, own)).rejects.toMatchObject({ kind: 'stale' });
    const { forecast, ...back } = await retention.setRetention({}, own);
    expect(back).toMatchObject({ days: 30, own: false, revision: 3n });
    expect(forecast).toMatchObject({ days: 30 });
    await expect(retention.setRetention({ days: 3651 }, own)).rejects.toMatchObject({ kind: 'invalid', field: 'days' });
  });

  test('a deleted execution is gone, and an event of before does not bring it back; one of later makes it anew', async () => {
    await tell('gone', 'a');
    await stepsOf('gone', 1);
    nowMs += 1000;
    await retention.deleteExecution({ id: 'gone' }, options());
    expect(await get('gone')).toBeUndefined();
    await expect(retention.deleteExecution({ id: 'gone' }, options())).rejects.toMatchObject({ kind: 'not_found' });

    await tell('gone', 'late', { atMs: nowMs - 500 });
    await tell('witness', 'a');
    await stepsOf('witness', 1);
    await tell('gone', 'after', { atMs: nowMs + 500 });
    await stepsOf('gone', 1);
  });

  test('who watches the list hears of a deletion, also who was away meanwhile', async () => {
    await tell('watched', 'a');
    await stepsOf('watched', 1);
    const { revision } = await timeline.client.listExecutions(
      { q: '', workflow: '', statuses: [], fromNs: 0n, toNs: 0n, sort: '', limit: 1, cursor: '' },
      options(),
    );
    const deletedAfter = async (sinceRevision: bigint, heard: () => void) => {
      for await (const { items, deletedIds } of timeline.client.watchExecutions({ sinceRevision }, options())) {
        heard();
        if (deletedIds.length > 0) return { items: items.map(({ id }) => id), deletedIds };
      }
      return undefined;
    };
    const open = Promise.withResolvers<undefined>();
    const following = deletedAfter(revision - 1n, () => open.resolve(undefined));
    await open.promise;
    nowMs += 1000;
    await retention.deleteExecution({ id: 'watched' }, options());
    expect(await following).toEqual({ items: [], deletedIds: ['watched'] });
    expect(await deletedAfter(revision, () => undefined)).toEqual({ items: [], deletedIds: ['watched'] });

    nowMs += 1000;
    await tell('watched', 'again');
    await stepsOf('watched', 1);
    for await (const { items, deletedIds } of timeline.client.watchExecutions({ sinceRevision: revision }, options())) {
      expect({ ids: items.map(({ id }) => id), deletedIds }).toEqual({ ids: ['watched'], deletedIds: [] });
      break;
    }
  });

  test('a running execution is deleted only by force', async () => {
    await tell('busy', 'a', { type: 'tmws.step.started' });
    await stepsOf('busy', 1);
    await expect(retention.deleteExecution({ id: 'busy' }, options())).rejects.toMatchObject({
      kind: 'precondition',
      field: 'force',
    });
    await retention.deleteExecution({ id: 'busy', force: true }, options());
    expect(await get('busy')).toBeUndefined();
  });

  test('a read model made anew does not bring a deleted execution back', async () => {
    await tell('buried', 'a');
    await stepsOf('buried', 1);
    nowMs += 1000;
    await retention.deleteExecution({ id: 'buried' }, options());
    for await (const { done, total } of timeline.client.rebuild({}, options())) expect(done).toBeLessThanOrEqual(total);
    await eventually(async () => expect(await get('witness')).toBeDefined());
    expect(await get('buried')).toBeUndefined();
  }, 60_000);

  test('a deleted recording goes with its file: given again it comes back, a rebuild brings back no more than that', async () => {
    const lines = ['a', 'b'].map((stepId) => ({
      specversion: '1.0',
      id: `recorded-${stepId}`,
      source: '/recorder',
      type: 'tmws.step.completed',
      time: new Date(nowMs - 1000).toISOString(),
      data: { executionId: 'recorded', stepId },
    }));
    const give = async () => {
      const file = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
      const parts = async function* () {
        yield { part: { case: 'options' as const, value: { name: 'recorded.jsonl' } } };
        yield await Promise.resolve({ part: { case: 'chunk' as const, value: file } });
      };
      await imports.startImport(parts(), options());
      await stepsOf('recorded', 2);
    };
    const rebuilt = async () => {
      for await (const { done, total } of timeline.client.rebuild({}, options())) expect(done).toBeLessThanOrEqual(total);
      await eventually(async () => expect(await get('witness')).toBeDefined());
    };
    await give();
    nowMs += 1000;
    await retention.deleteExecution({ id: 'recorded' }, options());
    await rebuilt();
    expect(await get('recorded')).toBeUndefined();
    nowMs += 1000;
    await give();
    await rebuilt();
    await stepsOf('recorded', 2);
  }, 60_000);

  test('what is older than it is kept goes by itself, of each namespace in its time', async () => {
    const long = `${timeline.namespace}-long`;
    await retention.setRetention({ days: 365 }, options(long));
    await tell('short-lived', 'a');
    await tell('long-lived', 'a', { namespace: long });
    await stepsOf('short-lived', 1);
    await eventually(async () => expect(await get('long-lived', long)).toBeDefined());
    nowMs += 31 * dayMs;
    await eventually(async () => expect(await get('short-lived')).toBeUndefined(), { timeoutMs: 20_000 });
    expect(await get('long-lived', long)).toMatchObject({ stepCount: 1 });
    const kept = await retention.getRetention({}, options(long));
    expect(kept).toMatchObject({ executions: 1n, oldestDay: '2026-03-01' });

    nowMs += 366 * dayMs;
    await eventually(async () => expect((await retention.getRetention({}, options(long))).executions).toBe(0n), {
      timeoutMs: 20_000,
    });
    // The day's tables are gone: what comes now has tables of its own day.
    await tell('new', 'a');
    await stepsOf('new', 1);
    expect((await retention.getRetention({}, options())).oldestDay).toBe('2027-04-02');
  }, 60_000);
}
