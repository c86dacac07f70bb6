// What workflow-timeline answers about waits and single steps, over its real doors. Run on embedded stores and on real servers.
import { createHash } from 'node:crypto';
import { eventually } from '@tmws/testkit';
import { type Servers, startTimeline } from './start-timeline.ts';

const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
const seconds = (ns: bigint): number => Number(ns) / 1e9;

export function answersContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let count = 0;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => t0 + 3_600_000);
  }, 60_000);
  afterAll(() => timeline.stop(), 30_000);

  const send = (...events: { type: string; data: Record<string, unknown>; time?: string }[]): Promise<void> =>
    timeline.host.events.publish(
      events.map(({ type, data, time = at(0) }) => ({
        topic: 'tmws.workflow',
        key: undefined,
        headers: {
          ce_specversion: '1.0',
          ce_id: `a${++count}`,
          ce_source: '/answers',
          ce_type: type,
          ce_time: time,
          ce_tmwsnamespace: timeline.namespace,
          'content-type': 'application/json',
        },
        value: Buffer.from(JSON.stringify(data)),
      })),
    );
  const step = (
    executionId: string,
    stepId: string,
    times: readonly [queued: number, start: number, end: number],
    more = {},
  ) => ({
    type: 'tmws.step.completed',
    data: {
      executionId,
      stepId,
      queuedAt: at(times[0]),
      startedAt: at(times[1]),
      finishedAt: at(times[2]),
      ...more,
    },
  });
  const heard = (id: string, revision: bigint) =>
    eventually(async () => {
      const { execution } = await timeline.client.getExecution({ id }, timeline.options);
      expect(execution?.revision).toBe(revision);
    });
  const keyOf = async (id: string, stepId: string): Promise<string> => {
    const { rows } = await timeline.client.getTimeline({ id }, timeline.options);
    return rows.find((row) => row.stepId === stepId)?.stepKey ?? '';
  };
  const detail = async (id: string, stepId: string) =>
    timeline.client.getStep({ id, stepKey: await keyOf(id, stepId) }, timeline.options);

  test('why each step waited is told, with who was in its way, and the sums are exact', async () => {
    const resource = { pool: 'web', worker: 'w-1' };
    await send(
      step('waits', 'plan', [0, 0, 2]),
      step('waits', 'a', [2, 2, 12], { resource, dependsOn: [{ stepId: 'plan' }] }),
      step('waits', 'b', [1, 12, 20], {
        resource,
        dependsOn: [{ stepId: 'plan' }],
        waits: [{ kind: 'rate_limit', from: at(4), to: at(5), reason: '429' }],
      }),
    );
    await heard('waits', 3n);
    const found = await timeline.client.getWaits({ id: 'waits' }, timeline.options);
    expect(found).toMatchObject({ makespanNs: 20_000_000_000n, stepsWaited: 1, waitedNs: 11_000_000_000n });
    expect(found.nsByKind).toEqual({ queue: 10_000_000_000n, rate_limit: 1_000_000_000n });
    expect(found.nsByCause).toEqual({ dependency: 1_000_000_000n, contention: 9_000_000_000n, told: 1_000_000_000n });
    const [waited] = found.steps;
    expect(waited).toMatchObject({ stepId: 'b', waitedNs: 11_000_000_000n, ranNs: 8_000_000_000n });
    expect(
      waited?.pieces.map(
        ({ kind, fromNs, toNs, reason, causes: [cause] }) =>
          `${kind}${reason} ${seconds(toNs - fromNs)}: ${cause?.cause} ${cause?.pool}/${cause?.worker} ` +
          `${cause?.behind.map(({ stepId, ns }) => `${stepId} ${seconds(ns)}`).join()} of ${cause?.behindCount}`,
      ),
    ).toEqual([
      'queue 1: dependency / plan 1 of 1',
      'queue 2: contention web/w-1 a 2 of 1',
      'rate_limit429 1: told /  of 0',
      'queue 7: contention web/w-1 a 7 of 1',
    ]);
    expect(found.pools).toMatchObject([
      { pool: 'web', worker: '', tries: 2, queueNs: 9_000_000_000n, busyNs: 18_000_000_000n, capacity: 1, littlesLawHolds: true },
    ]);
    // What waited for a worker is walked over its worker.
    const { segments } = await timeline.client.getCriticalPath({ id: 'waits' }, timeline.options);
    expect(segments.map(({ stepId, kind, releasedBy }) => `${stepId} ${kind} ${releasedBy}`)).toEqual([
      'plan run ',
      'a run dependency',
      'b run resource',
    ]);
    const { steps } = await timeline.client.getBottlenecks({ id: 'waits' }, timeline.options);
    expect(steps.find(({ stepId }) => stepId === 'a')).toMatchObject({ dragNs: 0n, resourceDragNs: 10_000_000_000n });
    await expect(timeline.client.getWaits({ id: 'waits', limit: 1001 }, timeline.options)).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(timeline.client.getWaits({ id: 'nope' }, timeline.options)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('an execution that is only planned has waited for nothing', async () => {
    await send({ type: 'tmws.execution.planned', data: { executionId: 'plan-only', steps: [{ stepId: 'a' }] } });
    await heard('plan-only', 2n);
    expect(await timeline.client.getWaits({ id: 'plan-only' }, timeline.options)).toMatchObject({
      waitedNs: 0n,
      steps: [],
      pools: [],
    });
    expect(await detail('plan-only', 'a')).toMatchObject({
      row: { status: 'planned' },
      attempts: [{ attempt: 0, status: 'planned' }],
    });
  });

  test('a step is given with every attempt, what was told of each, and what lies before and after it', async () => {
    const executionId = 'detail';
    await send(
      {
        type: 'tmws.step.started',
        time: at(0),
        data: { executionId, stepId: 'a', input: { inline: { q: 'x' } }, attributes: { model: 'm' } },
      },
      {
        type: 'tmws.step.failed',
        time: at(2),
        data: { executionId, stepId: 'a', error: { type: 'Timeout', message: 'late' }, reads: [{ key: 's3://b/q', bytes: '3' }] },
      },
      { type: 'tmws.step.started', time: at(4), data: { executionId, stepId: 'a', attempt: 2 } },
      {
        type: 'tmws.step.completed',
        time: at(6),
        data: { executionId, stepId: 'a', attempt: 2, output: { ref: 's3://b/out', sha256: 'ab', bytes: '9000' } },
      },
      {
        type: 'tmws.step.completed',
        time: at(9),
        data: { executionId, stepId: 'b', startedAt: at(6), dependsOn: [{ stepId: 'a' }] },
      },
    );
    await heard(executionId, 5n);
    const found = await detail(executionId, 'a');
    expect(found).toMatchObject({
      row: { stepId: 'a', status: 'completed', critical: true },
      dependsOn: [],
      dependents: [{ stepId: 'b', name: 'b', status: 'completed' }],
      waits: { waitedNs: 2_000_000_000n, pieces: [{ attempt: 2, kind: 'retry_backoff' }] },
      drag: { stepId: 'a', dragNs: 6_000_000_000n, resourceDragNs: 6_000_000_000n },
      factsLeftOut: 0,
    });
    expect(found.straggler).toBeUndefined();
    expect(found.attempts.map(({ attempt, status, facts }) => [attempt, status, facts.map(({ type }) => type)])).toEqual([
      [1, 'failed', ['started', 'failed']],
      [2, 'completed', ['started', 'completed']],
    ]);
    const [first, second] = found.attempts;
    expect(first).toMatchObject({
      facts: [{ source: '/answers', timeNs: BigInt(t0) * 1_000_000n }, {}],
      input: { inline: { kind: { case: 'structValue' } }, bytes: 9n, ref: '', truncated: false },
      attributes: { bytes: 13n, sha256: createHash('sha256').update('{"model":"m"}').digest('hex') },
      reads: [{ key: 's3://b/q', bytes: 3n }],
    });
    expect(second?.output).toMatchObject({ sha256: '', wholeRef: 's3://b/out', wholeSha256: 'ab', wholeBytes: 9000n });
    expect((await detail(executionId, 'b')).dependsOn).toMatchObject([{ stepId: 'a', status: 'completed' }]);
  });

  test('a value above 4 KiB is given by its hash, one above 64 KiB as what is kept of it', async () => {
    const executionId = 'values';
    const large = { text: 'ü'.repeat(3000) };
    await send({
      type: 'tmws.step.completed',
      data: { executionId, stepId: 'a', input: { inline: large }, output: { inline: 'y'.repeat(70_000) } },
    });
    await heard(executionId, 1n);
    const [attempt] = (await detail(executionId, 'a')).attempts;
    const json = JSON.stringify(large);
    const sha256 = createHash('sha256').update(json).digest('hex');
    expect(attempt?.input).toMatchObject({ sha256, bytes: BigInt(Buffer.byteLength(json)), truncated: false });
    expect(attempt?.output).toMatchObject({ truncated: true, wholeBytes: 70_000n });
    expect([attempt?.input?.inline, attempt?.output?.inline]).toEqual([undefined, undefined]);
    const stepKey = await keyOf(executionId, 'a');
    const value = (hash: string) => timeline.client.getStepPayload({ id: executionId, stepKey, sha256: hash }, timeline.options);
    expect(JSON.parse(Buffer.from((await value(sha256)).json).toString())).toEqual(large);
    const kept = Buffer.from((await value(attempt?.output?.sha256 ?? '')).json);
    expect(createHash('sha256').update(kept).digest('hex')).toBe(attempt?.output?.sha256);
    expect([JSON.parse(kept.toString()), BigInt(kept.length)]).toEqual(['y'.repeat(65_536), attempt?.output?.bytes]);
    await expect(value('0'.repeat(64))).rejects.toMatchObject({
      kind: 'not_found',
      message: `step ${stepKey} of execution "values" has no value with the hash ${'0'.repeat(64)}`,
    });
    await expect(value('../etc')).rejects.toMatchObject({ kind: 'invalid', field: 'sha256' });
  });

  test('a step that is not there is named, a key that is none is refused', async () => {
    await send(step('known', 'a', [0, 0, 1]));
    await heard('known', 1n);
    const ask = (id: string, stepKey: string) => timeline.client.getStep({ id, stepKey }, timeline.options);
    const other = '0'.repeat(32);
    await expect(ask('known', other)).rejects.toMatchObject({
      kind: 'not_found',
      message: `execution "known" in namespace ${timeline.namespace} has no step with the key ${other}; its timeline lists those it has`,
    });
    await expect(ask('known', 'a')).rejects.toMatchObject({
      kind: 'invalid',
      message: 'stepKey must be 32 or 16 lower-case hex digits, as the timeline gives it (got "a")',
    });
    await expect(ask('unknown', other)).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringContaining('"unknown"') as string,
    });
    await expect(
      timeline.client.getStepPayload({ id: 'known', stepKey: other, sha256: '0'.repeat(64) }, timeline.options),
    ).rejects.toMatchObject({ kind: 'not_found', message: expect.stringContaining(other) as string });
  });

  test('a straggler is named with its siblings, in the bottlenecks and in its own detail', async () => {
    const pages = [10, 11, 9, 10, 12, 10, 11, 60].map((end, i) => step('slow', `page-${i}`, [0, 0, end], { name: 'read page' }));
    await send(...pages);
    await heard('slow', 8n);
    const { stragglers, advice } = await timeline.client.getBottlenecks({ id: 'slow' }, timeline.options);
    const expected = {
      stepId: 'page-7',
      by: 'name',
      siblings: 8,
      medianNs: 10_500_000_000n,
      noImpact: false,
      dragNs: 48_000_000_000n,
    };
    expect(stragglers).toMatchObject([expected]);
    expect(advice).toBe('');
    expect((await detail('slow', 'page-7')).straggler).toMatchObject(expected);
    expect((await detail('slow', 'page-1')).straggler).toBeUndefined();
  });
}
