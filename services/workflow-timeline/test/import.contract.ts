// What becomes of a recorded file, over the real doors: gRPC in and out, Kafka out. Run on embedded stores and on real servers.
import { gzipSync } from 'node:zlib';
import { ImportService, openGrpcClient, type Operation, OperationService } from '@tmws/contracts';
import { dlqOf } from '@tmws/events';
import { eventually } from '@tmws/testkit';
import { history } from '../src/inbound/imports/testing/history-file.ts';
import { type Servers, startTimeline } from './start-timeline.ts';

const topic = 'tmws.workflow';
const t0 = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();

interface Recorded {
  readonly run: string;
  readonly steps: number;
  /** Makes another file of the same events. */
  readonly note?: string;
}

const event = (run: string, type: string, id: string, data: object) => ({
  specversion: '1.0',
  id: `${run}-${id}`,
  source: '/recorder',
  type,
  time: at(0),
  data: { executionId: run, ...data },
});

/** An execution as a file of CloudEvents, a line each. */
function recording({ run, steps, note = '' }: Recorded): Buffer {
  const workflow = { name: 'recorded', version: '1' };
  const events = [
    event(run, 'tmws.execution.started', 's', { workflow, startedAt: at(0), name: `run ${note}` }),
    ...Array.from({ length: steps }, (_, i) =>
      event(run, 'tmws.step.completed', `${i}`, { stepId: `step-${i}`, kind: 'tool', startedAt: at(i), finishedAt: at(i + 1) }),
    ),
    event(run, 'tmws.execution.completed', 'e', { workflow, finishedAt: at(steps) }),
  ];
  return Buffer.from(events.map((one) => JSON.stringify(one)).join('\n'));
}

async function* pieces(bytes: Uint8Array, name = 'file.jsonl') {
  yield { part: { case: 'options' as const, value: { name } } };
  for (let from = 0; from < bytes.length; from += 65_536)
    yield await Promise.resolve({ part: { case: 'chunk' as const, value: bytes.subarray(from, from + 65_536) } });
}

export function importContract(servers: () => Servers | undefined): void {
  let timeline: Awaited<ReturnType<typeof startTimeline>>;
  let imports: ReturnType<typeof openImports>;
  let nowMs = t0 + 3_600_000;
  const openImports = () => ({
    files: openGrpcClient(ImportService, timeline.address, { timeoutMs: 10_000 }),
    operations: openGrpcClient(OperationService, timeline.address, { timeoutMs: 10_000 }),
  });

  beforeAll(async () => {
    timeline = await startTimeline(servers(), () => nowMs++, { TIMELINE_IMPORT_MAX_BYTES: '20000000' });
    imports = openImports();
  }, 60_000);
  afterAll(async () => {
    imports.files.close();
    imports.operations.close();
    await timeline.stop();
  }, 30_000);

  const start = async (bytes: Uint8Array, name?: string, options = timeline.options): Promise<Operation> =>
    (await imports.files.startImport(pieces(bytes, name), options)).operation!;
  const ended = async (id: string, options = timeline.options): Promise<Operation> => {
    let last: Operation | undefined;
    for await (const { operation } of imports.operations.watchOperation({ id }, options)) last = operation;
    return last!;
  };
  const imported = async (bytes: Uint8Array, name?: string, options = timeline.options): Promise<Operation> =>
    await ended((await start(bytes, name, options)).id, options);
  const get = async (id: string, options = timeline.options) => (await timeline.client.getExecution({ id }, options)).execution!;
  const inNamespace = (namespace: string) => ({ caller: { ...timeline.caller, namespace } });

  test('a file becomes an execution, and the operation says what it made', async () => {
    const bytes = recording({ run: 'small', steps: 3 });
    const operation = await imported(bytes, 'c:\\recordings\\small.jsonl');
    expect(operation).toMatchObject({
      kind: 'import',
      status: 'done',
      name: 'small.jsonl',
      done: 5,
      total: 5,
      unit: 'facts',
      result: {
        format: 'cloudevents',
        executionCount: 1,
        stepCount: 3,
        sizeBytes: BigInt(bytes.length),
        executions: [{ id: 'small', steps: 3, reconstructed: false }],
      },
    });
    expect(operation.id).toMatch(/^imp-[0-9a-f]{16}$/);
    expect(await get('small')).toMatchObject({ status: 'completed', stepCount: 3, makespanNs: 3_000_000_000n, revision: 5n });
    expect((await imports.files.getImport({ id: operation.id }, timeline.options)).import).toEqual(operation.result);
    const { items } = await imports.files.listImports({}, timeline.options);
    expect(items).toContainEqual(operation.result);
  });

  test('a large file answers every question as the same events do that came one by one', async () => {
    const bytes = recording({ run: 'large', steps: 2500 });
    expect(await imported(bytes)).toMatchObject({ status: 'done', done: 2502, total: 2502 });
    const other = inNamespace(`${timeline.namespace}-kafka`);
    const records = bytes
      .toString()
      .split('\n')
      .map((line) => ({
        topic,
        key: undefined,
        headers: { 'content-type': 'application/cloudevents+json' },
        value: Buffer.from(JSON.stringify({ ...(JSON.parse(line) as object), tmwsnamespace: other.caller.namespace })),
      }));
    await timeline.host.events.publish(records);
    const streamed = await eventually(
      async () => {
        const execution = await get('large', other);
        expect(execution.revision).toBe(2502n);
        return execution;
      },
      { timeoutMs: 20_000 },
    );
    const { origin, ...stored } = await get('large');
    expect(origin).toMatchObject({ format: 'cloudevents', importId: expect.stringMatching(/^imp-/) as string });
    expect({ ...stored, namespace: '' }).toEqual({ ...streamed, namespace: '' });
    const ask = (options: typeof other) =>
      Promise.all([
        timeline.client.getTimeline({ id: 'large' }, options),
        timeline.client.getCriticalPath({ id: 'large' }, options),
        timeline.client.getBottlenecks({ id: 'large' }, options),
      ]);
    const plain = (answers: Awaited<ReturnType<typeof ask>>) =>
      answers.map((answer) => ({ ...answer, asOfNs: 0n, ...('execution' in answer && { execution: undefined }) }));
    expect(plain(await ask(timeline.options))).toEqual(plain(await ask(other)));
  }, 60_000);

  test('a long Temporal history, written while it is read, answers as one that is merged with what is known', async () => {
    const of = history();
    for (let i = 0; i < 800; i++) of.activity(of.task(), String(i), { attempt: 1 });
    of.add('WorkflowExecutionCompleted', { workflowTaskCompletedEventId: of.task() });
    const bytes = Buffer.from(JSON.stringify({ events: of.events }));
    const staged = await imported(bytes, 'history.json');
    const [{ id } = { id: '' }] = staged.result!.executions;
    expect(staged).toMatchObject({ status: 'done', done: staged.total, result: { format: 'temporal', stepCount: 1601 } });
    const other = inNamespace(`${timeline.namespace}-merged`);
    const [known = ''] = recording({ run: id, steps: 0 }).toString().split('\n');
    await imported(Buffer.from(known), 'known.jsonl', other);
    expect(await imported(bytes, 'history.json', other)).toMatchObject({ status: 'done', result: { stepCount: 1601 } });
    const answers = await Promise.all(
      [timeline.options, other].map(async (options) => ({
        path: await timeline.client.getCriticalPath({ id }, options),
        rows: (await timeline.client.getTimeline({ id }, options)).rows,
        steps: (await get(id, options)).stepsByStatus,
      })),
    );
    const [first, second] = answers.map(({ path, ...rest }) => ({ ...rest, segments: path.segments }));
    expect(first).toEqual(second);
    expect(first!.segments.length).toBeGreaterThan(800);
  }, 60_000);

  test('the same file again is the same import and adds nothing; in another namespace it is another', async () => {
    const bytes = recording({ run: 'twice', steps: 2 });
    const first = await imported(bytes);
    expect(await imported(gzipSync(bytes))).toEqual(first);
    expect((await get('twice')).revision).toBe(4n);
    const other = inNamespace(`${timeline.namespace}-other`);
    const second = await imported(bytes, undefined, other);
    expect(second.status).toBe('done');
    expect(second.id).not.toBe(first.id);
    expect((await get('twice', other)).revision).toBe(4n);
  });

  test.each([
    ['small', 3],
    ['large', 2000],
  ])('a %s file about what is known already adds what it knows more', async (size, steps) => {
    const run = `grows-${size}`;
    await imported(recording({ run, steps, note: 'first' }));
    expect(await imported(recording({ run, steps: steps + 500, note: 'then' }))).toMatchObject({ status: 'done' });
    expect(await get(run)).toMatchObject({ stepCount: steps + 500, revision: BigInt(steps + 502), name: 'run first' });
  });

  test('events of an imported execution that come later by Kafka count once', async () => {
    const bytes = recording({ run: 'later', steps: 1600 });
    await imported(bytes);
    const [line = ''] = bytes.toString().split('\n').slice(5);
    const again = { ...(JSON.parse(line) as object), tmwsnamespace: timeline.namespace };
    const fresh = event('later', 'tmws.step.completed', 'fresh', { stepId: 'fresh', startedAt: at(1), finishedAt: at(2) });
    await timeline.host.events.publish(
      [again, { ...fresh, tmwsnamespace: timeline.namespace }].map((one) => ({
        topic,
        key: undefined,
        headers: { 'content-type': 'application/cloudevents+json' },
        value: Buffer.from(JSON.stringify(one)),
      })),
    );
    await eventually(async () => expect(await get('later')).toMatchObject({ stepCount: 1601, revision: 1603n }));
  });

  test.each([
    ['nothing', '', 'invalid', 'the file is empty'],
    ['a picture', '\x89PNG\r\n', 'unsupported', 'the file is of no format known here'],
    ['JSON of something else', '{"hello": "world"}', 'unsupported', 'no format'],
    ['an event that is wrong', JSON.stringify({ specversion: '1.0', id: 'x' }), 'invalid', ''],
  ])('%s is refused at once, and nothing is kept of it', async (_what, text, kind, message) => {
    const before = (await imports.operations.listOperations({}, timeline.options)).items.length;
    const refused = start(Buffer.from(text));
    await expect(refused).rejects.toMatchObject({ kind, message: expect.stringContaining(message) as string });
    expect((await imports.operations.listOperations({}, timeline.options)).items).toHaveLength(before);
  });

  test('a file that is too large is refused, also when it is small by gzip', async () => {
    const large = Buffer.alloc(20_000_001, ' ');
    large[0] = 0x5b;
    for (const bytes of [large, gzipSync(large)])
      await expect(start(bytes)).rejects.toMatchObject({
        kind: 'too_large',
        message: expect.stringContaining('at most 19 MiB') as string,
      });
    await expect(start(gzipSync(recording({ run: 'cut', steps: 50 })).subarray(0, 200))).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  test('a large file with a mistake at its end leaves nothing, and says what is wrong; mended it imports', async () => {
    const good = recording({ run: 'broken', steps: 3000 }).toString();
    const operation = await imported(Buffer.from(`${good}\n${JSON.stringify(event('broken', 'tmws.step.lost', 'z', {}))}`));
    expect(operation).toMatchObject({
      status: 'failed',
      problem: { kind: expect.stringMatching(/invalid|unsupported/) as string },
    });
    expect(operation.problem!.detail).toContain('tmws.step.lost');
    await expect(get('broken')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(imports.files.getImport({ id: operation.id }, timeline.options)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await imported(Buffer.from(good))).toMatchObject({ status: 'done' });
    expect(await get('broken')).toMatchObject({ stepCount: 3000 });
  });

  test('events that belong to another execution are a conflict, and nothing of the file stays', async () => {
    const steal = (run: string, steps: number) =>
      Buffer.from(recording({ run: 'owner', steps }).toString().replaceAll('"executionId":"owner"', `"executionId":"${run}"`));
    await imported(recording({ run: 'owner', steps: 5 }));
    for (const [run, steps] of [
      ['thief', 5],
      ['large-thief', 2000],
    ] as const) {
      expect(await imported(steal(run, steps))).toMatchObject({ status: 'failed', problem: { kind: 'conflict', status: 409 } });
      await expect(get(run)).rejects.toMatchObject({ kind: 'not_found' });
    }
    expect((await get('owner')).revision).toBe(7n);
  });

  test('one that is cancelled leaves nothing, and can be given again', async () => {
    const bytes = recording({ run: 'cancelled', steps: 8000 });
    const { id } = await start(bytes);
    await imports.operations.cancelOperation({ id }, timeline.options);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    await expect(get('cancelled')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(imports.operations.cancelOperation({ id }, timeline.options)).rejects.toMatchObject({ kind: 'precondition' });
    expect(await imported(bytes)).toMatchObject({ status: 'done', result: { stepCount: 8000 } });
    expect(await get('cancelled')).toMatchObject({ stepCount: 8000 });
  }, 60_000);

  test('operations are listed newest first, a page at a time, by status', async () => {
    const options = inNamespace(`${timeline.namespace}-pages`);
    for (let i = 0; i < 5; i++) await imported(recording({ run: `page-${i}`, steps: 1 }), `page-${i}`, options);
    const names: string[] = [];
    let cursor = '';
    do {
      const page = await imports.operations.listOperations({ statuses: ['done'], limit: 2, cursor }, options);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(names).toEqual(['page-4', 'page-3', 'page-2', 'page-1', 'page-0']);
    expect((await imports.operations.listOperations({ statuses: ['failed'] }, options)).items).toEqual([]);
    await expect(imports.operations.listOperations({ statuses: ['lost'] }, options)).rejects.toMatchObject({ field: 'status' });
    await expect(imports.operations.listOperations({ cursor: 'x' }, options)).rejects.toMatchObject({ field: 'cursor' });
    await expect(imports.operations.getOperation({ id: 'imp-1' }, options)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('each execution is announced, and our own consumer takes the announcement without a word', async () => {
    const { id } = await imported(recording({ run: 'announced', steps: 2 }));
    const announced = await eventually(async () => {
      const records = await timeline.host.events.tail(topic, 50);
      const found = records.filter(({ headers }) => headers.ce_id === `${id}/announced`);
      expect(found).toHaveLength(1);
      return found[0]!;
    });
    expect(announced.headers).toMatchObject({
      ce_type: 'tmws.execution.imported',
      ce_subject: 'announced',
      ce_tmwsnamespace: timeline.namespace,
    });
    expect(JSON.parse(announced.value!.toString())).toMatchObject({
      executionId: 'announced',
      importId: id,
      format: 'cloudevents',
      stepCount: 2,
      workflow: { name: 'recorded', version: '1' },
      startedAt: '2026-03-01T12:00:00Z',
      finishedAt: '2026-03-01T12:00:02Z',
    });
    await timeline.host.events.publish([
      {
        topic,
        key: undefined,
        headers: { 'content-type': 'application/cloudevents+json' },
        value: Buffer.from(
          JSON.stringify({ ...event('after', 'tmws.execution.started', 's', {}), tmwsnamespace: timeline.namespace }),
        ),
      },
    ]);
    await eventually(async () => expect((await get('after')).revision).toBe(1n));
    const refused = await timeline.host.events.tail(dlqOf(topic), 50);
    expect(refused.map(({ headers }) => headers.ce_type)).not.toContain('tmws.execution.imported');
  });

  test('a rebuild makes imported executions anew', async () => {
    const small = await imported(recording({ run: 'rebuilt', steps: 2 }));
    const large = await imported(recording({ run: 'rebuilt-large', steps: 2000 }));
    let [done, total] = [0n, 1n];
    for await (const line of timeline.client.rebuild({}, timeline.options)) ({ done, total } = line);
    expect(done).toBe(total);
    expect(await get('rebuilt')).toMatchObject({ stepCount: 2, revision: 4n });
    expect(await get('rebuilt-large')).toMatchObject({ stepCount: 2000, revision: 2002n });
    for (const { id } of [small, large]) expect((await ended(id)).status).toBe('done');
  }, 60_000);
}
