// What workflow-timeline does with events, over its real doors: Kafka in, gRPC out. Run on embedded stores and on real servers.
import type { RebuildResponse } from '@tmws/contracts';
import { dlqOf, readDeadLetter } from '@tmws/events';
import { eventually } from '@tmws/testkit';
import { type Servers, startTimeline } from './start-timeline.ts';

const topic = 'tmws.workflow';
const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();

interface Sent {
  type: string;
  id?: string;
  source?: string;
  time?: string;
  namespace?: string;
  data: Record<string, unknown> | string;
}

export function timelineContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let nowMs = t0 + 3_600_000;
  let count = 0;

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs);
  }, 60_000);
  afterAll(() => timeline.stop(), 30_000);

  const recordOf = ({
    type,
    id = `e${++count}`,
    source = `/test/${timeline.namespace}`,
    time = at(0),
    namespace = timeline.namespace,
    data,
  }: Sent) => ({
    topic,
    key: undefined,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: source,
      ce_type: type,
      ce_time: time,
      ce_tmwsnamespace: namespace,
      'content-type': 'application/json',
    },
    value: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
  });
  const send = (...events: Sent[]): Promise<void> => timeline.host.events.publish(events.map(recordOf));
  const get = async (id: string) => (await timeline.client.getExecution({ id }, timeline.options)).execution!;
  const revisionOf = async (id: string, revision: bigint) =>
    eventually(async () => {
      const execution = await get(id);
      expect(execution.revision).toBe(revision);
      return execution;
    });
  const path = async (id: string) => {
    const { segments } = await timeline.client.getCriticalPath({ id }, timeline.options);
    return segments.map(({ stepId, kind, startNs, endNs }) => `${stepId || '-'} ${kind} ${Number(endNs - startNs) / 1e9}s`);
  };

  test('one step.completed with start and end is an execution with a bar', async () => {
    await send({
      type: 'tmws.step.completed',
      data: { executionId: 'one', stepId: 'a', startedAt: at(0), finishedAt: at(5), workflow: { name: 'w', version: '1' } },
    });
    const execution = await revisionOf('one', 1n);
    expect(execution).toMatchObject({
      status: 'unknown',
      stepCount: 1,
      stepsByStatus: { completed: 1 },
      makespanNs: 5_000_000_000n,
      workflow: { name: 'w', version: '1' },
    });
    expect(await path('one')).toEqual(['a run 5s']);
  });

  test('an execution tells where its time went, to the nanosecond', async () => {
    await send(
      {
        type: 'tmws.execution.started',
        data: { executionId: 'full', workflow: { name: 'agent', version: '7' }, startedAt: at(0) },
      },
      {
        type: 'tmws.step.completed',
        data: {
          executionId: 'full',
          stepId: 'plan',
          kind: 'llm',
          startedAt: at(1),
          finishedAt: '2026-03-01T12:00:03.000000001Z',
        },
      },
      {
        type: 'tmws.step.completed',
        data: {
          executionId: 'full',
          stepId: 'search',
          dependsOn: [{ stepId: 'plan' }],
          readyAt: at(4),
          queuedAt: at(5),
          startedAt: at(9),
          finishedAt: at(12),
          waits: [{ kind: 'rate_limit', from: at(6), to: at(7), reason: '429' }],
        },
      },
      { type: 'tmws.execution.completed', data: { executionId: 'full', finishedAt: at(13) } },
    );
    expect(await revisionOf('full', 4n)).toMatchObject({
      status: 'completed',
      makespanNs: 13_000_000_000n,
      startedAt: '2026-03-01T12:00:00.000Z',
      finishedAt: '2026-03-01T12:00:13.000Z',
    });
    const { segments, makespanNs } = await timeline.client.getCriticalPath({ id: 'full' }, timeline.options);
    expect(segments.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0n)).toBe(makespanNs);
    expect(await path('full')).toEqual([
      '- orchestration 1s',
      'plan run 2.000000001s',
      'search orchestration 1.999999999s',
      'search queue 1s',
      'search rate_limit 1s',
      'search queue 2s',
      'search run 3s',
      '- orchestration 1s',
    ]);
  });

  test('events in any order, in any batch, and sent twice, give the same answers', async () => {
    const events = (executionId: string): Sent[] => [
      {
        type: 'tmws.execution.planned',
        id: `${executionId}-p`,
        time: at(0),
        data: { executionId, steps: [{ stepId: 'a' }, { stepId: 'b', dependsOn: [{ stepId: 'a' }] }, { stepId: 'never' }] },
      },
      { type: 'tmws.execution.started', id: `${executionId}-s`, time: at(1), data: { executionId } },
      { type: 'tmws.step.started', id: `${executionId}-a1`, time: at(2), data: { executionId, stepId: 'a' } },
      {
        type: 'tmws.step.failed',
        id: `${executionId}-a1f`,
        time: at(4),
        data: { executionId, stepId: 'a', error: { type: 'Timeout', message: 'no answer' } },
      },
      { type: 'tmws.step.started', id: `${executionId}-a2`, time: at(6), data: { executionId, stepId: 'a', attempt: 2 } },
      {
        type: 'tmws.step.completed',
        id: `${executionId}-a2c`,
        time: at(8),
        data: { executionId, stepId: 'a', attempt: 2, name: 'A' },
      },
      { type: 'tmws.step.completed', id: `${executionId}-b`, time: at(12), data: { executionId, stepId: 'b', startedAt: at(9) } },
      {
        type: 'tmws.execution.failed',
        id: `${executionId}-f`,
        time: at(13),
        data: { executionId, error: { type: 'Never', message: 'gave up' } },
      },
    ];
    await send(...events('forth'), ...events('forth').slice(3));
    for (const event of events('back').toReversed()) await send(event);
    const [forth, back] = [await revisionOf('forth', 11n), await revisionOf('back', 11n)];
    const rows = async (id: string) => (await timeline.client.getTimeline({ id }, timeline.options)).rows;
    expect(await rows('back')).toEqual(await rows('forth'));
    expect({ ...back, id: '' }).toEqual({ ...forth, id: '' });
    expect(forth).toMatchObject({
      status: 'failed',
      stepCount: 3,
      stepsByStatus: { completed: 2, planned: 1 },
      error: { message: 'gave up' },
    });
    expect(await path('forth')).toEqual([
      '- orchestration 1s',
      'a run 2s',
      'a retry_backoff 2s',
      'a run 2s',
      'b orchestration 1s',
      'b run 3s',
      '- orchestration 1s',
    ]);
    expect(
      (await rows('forth')).map(({ stepId, name, status, attempts }) => `${stepId} ${name} ${status} ${attempts.length}`),
    ).toEqual(['a A completed 2', 'b b completed 1', 'never never planned 0']);
  });

  test('a running execution grows to now', async () => {
    await send({ type: 'tmws.step.started', data: { executionId: 'running', stepId: 'a', startedAt: at(0) } });
    expect(await revisionOf('running', 1n)).toMatchObject({ status: 'running', makespanNs: 3_600_000_000_000n });
    nowMs += 1000;
    expect((await get('running')).makespanNs).toBe(3_601_000_000_000n);
    expect(await path('running')).toEqual(['a run 3601s']);
  });

  test('many facts in one record count as single events do', async () => {
    await send({
      type: 'tmws.steps.reported',
      data: {
        executionId: 'reported',
        workflow: { name: 'trace', version: '' },
        facts: [
          { type: 'tmws.execution.completed', time: at(9), execution: { startedAt: at(0) } },
          { type: 'tmws.step.completed', time: at(4), step: { stepId: 'outer', startedAt: at(0), finishedAt: at(9) } },
          {
            type: 'tmws.step.completed',
            time: at(4),
            step: { stepId: 'inner', path: ['outer'], startedAt: at(2), finishedAt: at(4) },
          },
        ],
      },
    });
    expect(await revisionOf('reported', 3n)).toMatchObject({ status: 'completed', stepCount: 2, workflow: { name: 'trace' } });
    const { rows } = await timeline.client.getTimeline({ id: 'reported' }, timeline.options);
    expect(rows.map(({ stepId, depth, critical }) => [stepId, depth, critical])).toEqual([
      ['outer', 0, true],
      ['inner', 1, true],
    ]);
  });

  test('a bad event goes to the DLQ with its reason, and the partition goes on', async () => {
    const bad: Sent[] = [
      { type: 'tmws.step.completed', id: 'no-json', data: '{"executionId": "x", token' },
      { type: 'tmws.step.completed', id: 'no-step', data: { executionId: 'x' } },
      { type: 'tmws.step.exploded', id: 'no-type', data: { executionId: 'x', stepId: 'a' } },
      { type: 'tmws.step.completed', id: 'no-time', data: { executionId: 'x', stepId: 'a', startedAt: '1969-12-31T23:59:59Z' } },
    ];
    await send(...bad, { type: 'tmws.step.completed', data: { executionId: 'after-bad', stepId: 'a' } });
    await revisionOf('after-bad', 1n);
    const reasons: Record<string, string> = await eventually(async () => {
      const letters = (await timeline.host.events.tail(dlqOf(topic), 100))
        .map(readDeadLetter)
        .filter(({ headers }) => headers.ce_tmwsnamespace === timeline.namespace);
      expect(letters).toHaveLength(4);
      return Object.fromEntries(letters.map(({ headers, reason }) => [headers.ce_id ?? '', reason]));
    });
    expect(reasons['no-json']).toMatch(/data is not JSON/);
    expect(reasons['no-step']).toBe('data.stepId is missing');
    expect(reasons['no-type']).toMatch(/"tmws.step.exploded" is not known/);
    expect(reasons['no-time']).toMatch(/data.startedAt must lie between 1970 and 2200/);
    await expect(get('x')).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('an event id used for another execution is refused, not swallowed', async () => {
    const step = (executionId: string) => ({
      type: 'tmws.step.completed',
      id: 'same',
      source: `/reused/${timeline.namespace}`,
      data: { executionId, stepId: 'a' },
    });
    await send(step('first-user'));
    await revisionOf('first-user', 1n);
    await send(step('second-user'), step('first-user'), {
      type: 'tmws.step.started',
      data: { executionId: 'first-user', stepId: 'b' },
    });
    await revisionOf('first-user', 2n);
    await expect(get('second-user')).rejects.toMatchObject({ kind: 'not_found' });
    await eventually(async () => {
      const letters = (await timeline.host.events.tail(dlqOf(topic), 100)).map(readDeadLetter);
      expect(
        letters.find(({ headers, kind }) => headers.ce_source === `/reused/${timeline.namespace}` && kind === 'conflict')?.reason,
      ).toMatch(/was accepted for another execution/);
    });
  });

  test('namespaces do not see each other', async () => {
    await send({
      type: 'tmws.step.completed',
      namespace: 'other-team',
      data: { executionId: `hidden-${timeline.namespace}`, stepId: 'a' },
    });
    const other = { caller: { ...timeline.caller, namespace: 'other-team' } };
    await eventually(() => timeline.client.getExecution({ id: `hidden-${timeline.namespace}` }, other));
    await expect(get(`hidden-${timeline.namespace}`)).rejects.toMatchObject({ kind: 'not_found' });
    expect((await timeline.client.listExecutions({ q: 'hidden' }, timeline.options)).items).toEqual([]);
  });

  test('executions are listed by page, status, text and length', async () => {
    const runs = Array.from({ length: 5 }, (_, i) => [
      {
        type: 'tmws.execution.started',
        data: { executionId: `list-${i}`, workflow: { name: i < 3 ? 'etl' : 'agent' }, startedAt: at(1000 + i) },
      },
      {
        type: i === 2 ? 'tmws.execution.failed' : 'tmws.execution.completed',
        data: { executionId: `list-${i}`, finishedAt: at(1000 + i + (5 - i) * 10) },
      },
    ]).flat();
    await send(...runs);
    for (let i = 0; i < 5; i++) await revisionOf(`list-${i}`, 2n);
    const ids = async (request: object) =>
      (await timeline.client.listExecutions({ q: 'list-', ...request }, timeline.options)).items
        .map(({ id }) => id.replace('list-', ''))
        .join('');
    expect(await ids({})).toBe('43210');
    expect(await ids({ sort: 'startedAt' })).toBe('01234');
    expect(await ids({ sort: '-duration' })).toBe('01234');
    expect(await ids({ workflow: 'etl' })).toBe('210');
    expect(await ids({ statuses: ['failed'] })).toBe('2');
    expect(await ids({ fromNs: BigInt(t0 + 1_002_000) * 1_000_000n, toNs: BigInt(t0 + 1_004_000) * 1_000_000n })).toBe('32');
    const pages: string[] = [];
    for (let cursor = ''; ;) {
      const page = await timeline.client.listExecutions({ q: 'list-', limit: 2, cursor }, timeline.options);
      pages.push(page.items.map(({ id }) => id.replace('list-', '')).join(''));
      cursor = page.nextCursor;
      if (cursor === '') break;
    }
    expect(pages).toEqual(['43', '21', '0']);
    await expect(ids({ sort: 'colour' })).rejects.toMatchObject({ kind: 'invalid', field: 'sort' });
    await expect(ids({ cursor: 'bm9wZQ' })).rejects.toMatchObject({ kind: 'invalid', field: 'cursor' });
    await expect(ids({ statuses: ['sleeping'] })).rejects.toMatchObject({ kind: 'invalid', field: 'status' });
  });

  test('what would be won is told by drag, and not when nobody knows', async () => {
    const step = (stepId: string, from: number, to: number, dependsOn: object[] = []): Sent => ({
      type: 'tmws.step.completed',
      data: { executionId: 'drag', stepId, kind: 'project', startedAt: at(from), finishedAt: at(to), dependsOn },
    });
    const add = step('add', 880, 920, [{ stepId: 'twin-1' }, { stepId: 'twin-2' }]);
    await send(step('twin-1', 0, 880), step('twin-2', 0, 873), add);
    await revisionOf('drag', 3n);
    const { steps, types, refusal, makespanNs, criticalLengthNs } = await timeline.client.getBottlenecks(
      { id: 'drag', limit: 2 },
      timeline.options,
    );
    expect(steps.map(({ stepId, dragNs, feasibility }) => `${stepId} ${dragNs / 1_000_000_000n}s ${feasibility?.word}`)).toEqual([
      'add 40s shorten',
      'twin-1 7s shorten',
    ]);
    expect(types).toMatchObject([{ by: 'kind', value: 'project', steps: 3, dragNs: makespanNs }]);
    expect([refusal, criticalLengthNs]).toEqual(['', makespanNs]);
    await send(
      { type: 'tmws.step.completed', data: { executionId: 'gap', stepId: 'a', startedAt: at(0), finishedAt: at(1) } },
      { type: 'tmws.step.completed', data: { executionId: 'gap', stepId: 'b', startedAt: at(9), finishedAt: at(10) } },
    );
    await revisionOf('gap', 2n);
    const gap = await timeline.client.getBottlenecks({ id: 'gap' }, timeline.options);
    expect(gap).toMatchObject({ steps: [], types: [], unknownShare: 0.8 });
    expect(gap.refusal).toMatch(/^80 % of the makespan is accounted for by no step/);
    await expect(timeline.client.getBottlenecks({ id: 'drag', limit: 1001 }, timeline.options)).rejects.toMatchObject({
      kind: 'invalid',
      field: 'limit',
    });
  });

  test('the graph of a run is data, DOT or Mermaid, whatever its steps are called', async () => {
    const data = { executionId: 'graph', startedAt: at(0), finishedAt: at(1) };
    await send(
      { type: 'tmws.step.completed', data: { ...data, stepId: 'end', name: 'say "hi"];\nend', kind: 'llm' } },
      { type: 'tmws.step.completed', data: { ...data, stepId: 'b', path: ['end'] } },
      { type: 'tmws.step.completed', data: { ...data, stepId: 'c', startedAt: at(1), dependsOn: [{ stepId: 'end' }] } },
    );
    await revisionOf('graph', 3n);
    const graph = (format: string) => timeline.client.getGraph({ id: 'graph', format }, timeline.options);
    const { nodes, edges } = await graph('');
    const idOf = new Map(nodes.map(({ stepKey, stepId }) => [stepKey, stepId]));
    expect(nodes.map(({ stepId, name, status }) => [stepId, name, status])).toContainEqual([
      'end',
      'say "hi"];\nend',
      'completed',
    ]);
    expect(edges.map(({ from, to, kind }) => `${idOf.get(from)} ${idOf.get(to)} ${kind}`).toSorted()).toEqual([
      'end b inside',
      'end c dependency',
    ]);
    expect((await graph('dot')).text).toContain('[label="say \\"hi\\"];\\nend\\nllm"');
    expect(await graph('mermaid')).toMatchObject({
      collapsedBy: '',
      text: expect.stringContaining('["say #34;hi#34;#93;#59;<br/>end<br/>llm"]') as string,
    });
    await expect(graph('png')).rejects.toMatchObject({ kind: 'invalid', field: 'format' });
  });

  test('who watches an execution is told of each change, and of the end', async () => {
    await send({ type: 'tmws.execution.started', data: { executionId: 'watched', startedAt: at(0) } });
    await revisionOf('watched', 1n);
    const told: string[] = [];
    const watching = (async () => {
      for await (const { execution, rows } of timeline.client.watchExecution(
        { id: 'watched', sinceRevision: 0n },
        timeline.options,
      )) {
        told.push(
          `${execution!.revision} ${execution!.status} ${rows.map(({ stepId, status }) => `${stepId}:${status}`).join(',')}`,
        );
      }
    })();
    await eventually(() => expect(told).toEqual(['1 running ']));
    await send({ type: 'tmws.step.started', data: { executionId: 'watched', stepId: 'a', startedAt: at(1) } });
    await eventually(() => expect(told.at(-1)).toBe('2 running a:running'));
    await send({
      type: 'tmws.step.completed',
      data: { executionId: 'watched', stepId: 'b', startedAt: at(1), finishedAt: at(2) },
    });
    await eventually(() => expect(told.at(-1)).toBe('3 running b:completed'));
    await send({ type: 'tmws.execution.cancelled', data: { executionId: 'watched', finishedAt: at(3) } });
    await watching;
    expect(told.at(-1)).toBe('4 cancelled ');
    const missed: bigint[] = [];
    for await (const { execution, rows } of timeline.client.watchExecution(
      { id: 'watched', sinceRevision: 2n },
      timeline.options,
    )) {
      missed.push(execution!.revision, BigInt(rows.length));
    }
    expect(missed).toEqual([4n, 1n]);
  });

  test('who watches the list misses nothing between the list and the watch', async () => {
    const { revision } = await timeline.client.listExecutions({}, timeline.options);
    await send({ type: 'tmws.step.started', data: { executionId: 'seen-1', stepId: 'a' } });
    await revisionOf('seen-1', 1n);
    const leave = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { items } of timeline.client.watchExecutions(
        { sinceRevision: revision },
        { ...timeline.options, signal: leave.signal },
      ))
        seen.push(...items.map(({ id }) => id));
    })();
    await eventually(() => expect(seen).toContain('seen-1'));
    await send({ type: 'tmws.step.started', data: { executionId: 'seen-2', stepId: 'a' } });
    await eventually(() => expect(seen).toContain('seen-2'));
    leave.abort();
    await watching;
  });

  test('the read model is made anew from the log, with the same answers', async () => {
    // Which of two executions came first with one event id is the one thing that partitions may tell in another order.
    const all = async () => {
      const { items } = await timeline.client.listExecutions({ limit: 100, sort: 'startedAt' }, timeline.options);
      return items.filter(({ id }) => !id.endsWith('-user'));
    };
    const before = await all();
    const told: RebuildResponse[] = [];
    for await (const progress of timeline.client.rebuild({}, timeline.options)) told.push(progress);
    const last = told.at(-1);
    expect(last).toMatchObject({ done: last?.total, gaps: [] });
    expect(await all()).toEqual(before);
  }, 60_000);
}
