// Pictures of executions over the real doors: Kafka in, gRPC out. Run on embedded stores and on real servers.
import { openGrpcClient, PictureService } from '@tmws/contracts';
import { eventually } from '@tmws/testkit';
import { readColumns } from './read-columns.ts';
import { type Servers, startTimeline } from './start-timeline.ts';

const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
const ns = (seconds: number): bigint => BigInt(t0 + seconds * 1000) * 1_000_000n;
type Json = Record<string, unknown>;

export function pictureContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let pictures: ReturnType<typeof openPictures>;
  let nowMs = t0 + 3_600_000;
  let count = 0;

  const openPictures = (address: () => string) => openGrpcClient(PictureService, address, { timeoutMs: 20_000 });
  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs);
    pictures = openPictures(timeline.address);
  }, 60_000);
  afterAll(async () => {
    pictures.close();
    await timeline.stop();
  }, 30_000);

  const send = async (executionId: string, facts: readonly Json[]): Promise<void> => {
    const value = Buffer.from(JSON.stringify({ executionId, workflow: { name: 'w', version: '1' }, facts }));
    const headers = {
      ce_specversion: '1.0',
      ce_id: `p${++count}`,
      ce_source: `/test/${timeline.namespace}`,
      ce_type: 'tmws.steps.reported',
      ce_time: at(0),
      ce_tmwsnamespace: timeline.namespace,
      'content-type': 'application/json',
    };
    const before = await timeline.client.getExecution({ id: executionId }, timeline.options).catch(() => undefined);
    await timeline.host.events.publish([{ topic: 'tmws.workflow', key: undefined, headers, value }]);
    const revision = (before?.execution?.revision ?? 0n) + BigInt(facts.length);
    await eventually(async () => {
      const { execution } = await timeline.client.getExecution({ id: executionId }, timeline.options);
      expect(execution!.revision).toBe(revision);
    });
  };
  const step = (type: string, data: Json): Json => ({ type: `tmws.step.${type}`, step: data });
  const ended = (seconds: number): Json => ({ type: 'tmws.execution.completed', execution: { finishedAt: at(seconds) } });
  const columns = (request: Json & { id: string }) => pictures.getColumns(request, timeline.options);

  test('columns tell what the rows tell', async () => {
    await send('same', [
      step('completed', { stepId: 'plan', kind: 'llm', startedAt: at(0), finishedAt: at(2) }),
      step('failed', {
        stepId: 'fetch-1',
        name: 'fetch',
        path: ['plan'],
        attempt: 1,
        readyAt: at(0.25),
        queuedAt: at(0.5),
        startedAt: at(1),
        finishedAt: at(1.5),
        resource: { worker: 'w-1', pool: 'p' },
        waits: [{ kind: 'rate_limit', from: at(1.1), to: at(1.2), reason: '429' }],
      }),
      step('completed', {
        stepId: 'fetch-1',
        path: ['plan'],
        attempt: 2,
        startedAt: at(1.75),
        finishedAt: at(2),
        usage: { cpuSeconds: 0.2, memoryBytes: '2048', tokens: '12', costUsd: 0.004 },
      }),
      step('completed', { stepId: 'write', dependsOn: [{ stepId: 'plan' }], startedAt: at(2), finishedAt: at(3) }),
      ended(3),
    ]);
    const { rows } = await timeline.client.getTimeline({ id: 'same' }, timeline.options);
    const answer = await columns({ id: 'same', keys: true });
    expect(answer.execution?.id).toBe('same');
    expect(answer).toMatchObject({ startNs: ns(0), endNs: ns(3), unitNs: 1_000_000n, rounded: false });
    const places = new Map(rows.map(({ stepKey }, place) => [stepKey, place]));
    expect(readColumns(answer)).toMatchObject(
      rows.map(({ stepKey, stepId, name, kind, status, path, depth, dependsOn, attempts, critical }) => ({
        key: stepKey,
        stepId,
        name,
        kind,
        status,
        path,
        depth,
        dependsOn: dependsOn.map((key) => places.get(key)),
        bars: attempts.map(({ attempt }) => ({ attempt, ...(!critical && { critical: false }) })),
      })),
    );
    const fetched = readColumns(answer).find(({ stepId }) => stepId === 'fetch-1');
    expect(fetched!.bars[0]).toMatchObject({
      status: 'failed',
      readyNs: ns(0.25),
      queuedNs: ns(0.5),
      startNs: ns(1),
      endNs: ns(1.5),
      worker: 'w-1',
      pool: 'p',
      waits: [{ kind: 'rate_limit', fromNs: ns(1.1), toNs: ns(1.2), reason: '429' }],
      used: undefined,
    });
    expect(fetched!.bars[1]!.used).toEqual({ cpu: 200_000, memory: 2, tokens: 12, cost: 4_000_000 });
    const before = await columns({ id: 'same', fromNs: ns(0), toNs: ns(1.6) });
    expect(readColumns(before).find(({ stepId }) => stepId === 'fetch-1')!.bars).toMatchObject([{ attempt: 1 }]);
    expect(before.usage).toBeUndefined();
  });

  test('what is kept in memory gives way to what came since', async () => {
    await send('grows', [step('completed', { stepId: 'a', startedAt: at(0), finishedAt: at(1) })]);
    expect(readColumns(await columns({ id: 'grows' }))).toHaveLength(1);
    await send('grows', [step('completed', { stepId: 'b', startedAt: at(1), finishedAt: at(2) })]);
    expect(readColumns(await columns({ id: 'grows' })).map(({ stepId }) => stepId)).toEqual(['a', 'b']);
  });

  test('an open execution grows with time and has no tag; a finished one has a tag and is not sent twice', async () => {
    await send('opens', [step('started', { stepId: 'a', startedAt: at(0) })]);
    const open = await columns({ id: 'opens' });
    expect([open.tag, open.asOfNs]).toEqual(['', BigInt(nowMs) * 1_000_000n]);
    nowMs += 60_000;
    expect(await columns({ id: 'opens' })).toMatchObject({ tag: '', endNs: BigInt(nowMs) * 1_000_000n });
    await send('opens', [step('completed', { stepId: 'a', finishedAt: at(9) }), ended(10)]);
    const { tag } = await columns({ id: 'opens' });
    expect(tag).not.toBe('');
    expect(await columns({ id: 'opens', knownTag: tag })).toMatchObject({ unchanged: true, tag });
    await send('opens', [step('completed', { stepId: 'late', startedAt: at(8), finishedAt: at(9) })]);
    expect(await columns({ id: 'opens', knownTag: tag })).toMatchObject({ unchanged: false });
  });

  test('many steps in few pixels are folded, and those that failed are counted', async () => {
    const facts = Array.from({ length: 1200 }, (_, i) =>
      step(i === 700 ? 'failed' : 'completed', { stepId: `s-${i}`, startedAt: at(i / 100), finishedAt: at(i / 100 + 0.005) }),
    );
    await send('many', [...facts, ended(12)]);
    expect((await columns({ id: 'many' })).detail).toMatchObject({ whole: true, steps: 1200, bars: 1200 });
    const folded = await columns({ id: 'many', px: 100 });
    const rows = readColumns(folded);
    expect(rows.reduce((sum, { fold }) => sum + (fold?.steps ?? 1), 0)).toBe(1200);
    expect(rows.some(({ status }) => status === 'failed')).toBe(true);
    expect(rows.flatMap(({ bars }) => bars).reduce((sum, { bars }) => sum + bars, 0)).toBe(1200);
    expect(folded.detail!.note).toContain('a narrower window shows more');
    const near = await columns({ id: 'many', px: 100, fromNs: ns(6.995), toNs: ns(7.02) });
    expect(readColumns(near).map(({ stepId, status }) => [stepId, status])).toEqual([
      ['s-699', 'completed'],
      ['s-700', 'failed'],
      ['s-701', 'completed'],
    ]);
    const { svg } = await pictures.getSvg({ id: 'many', width: 800 }, timeline.options);
    expect(svg).toContain('1,200 steps');
  });

  test('a picture of an execution without steps says that there are none', async () => {
    await send('empty', [{ type: 'tmws.execution.started', execution: { startedAt: at(0) } }, ended(1)]);
    expect(readColumns(await columns({ id: 'empty' }))).toEqual([]);
    const { svg } = await pictures.getSvg({ id: 'empty' }, timeline.options);
    expect(svg).toContain('No step in this window.');
  });

  test('what cannot be drawn is refused by name', async () => {
    await expect(columns({ id: 'nope' })).rejects.toThrow('there is no execution "nope"');
    await expect(columns({ id: 'same', px: 10_001 })).rejects.toThrow('px must be at most 10000 (got 10001)');
    await expect(columns({ id: 'same', fromNs: 5n, toNs: 5n })).rejects.toThrow('from must lie before to');
    await expect(pictures.getSvg({ id: 'same', theme: 'blue' }, timeline.options)).rejects.toThrow(
      'theme must be one of light, dark, contrast (got "blue")',
    );
    await expect(pictures.getSvg({ id: 'same', width: 5 }, timeline.options)).rejects.toThrow(
      'width must be from 320 to 10000 (got 5)',
    );
  });
}
