import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../src/run-cli.ts';
import type { Terminal } from '../src/terminal.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

async function withGateway(answers: Parameters<typeof openFakeGateway>[0]) {
  const gateway = await openFakeGateway(answers);
  opened.push(gateway);
  const tmws = async (line: string, given: Partial<Terminal> = {}) => {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url }, ...given });
    return { code: await runCli(line.split(' '), terminal), ...written };
  };
  return { ...gateway, tmws };
}

const run = (n: number, more: object = {}) => ({
  id: `run-${n}`,
  namespace: 'default',
  workflow: { name: 'agent', version: '7' },
  name: `topic ${n}`,
  status: 'completed',
  startedAt: '2026-03-01T11:58:00Z',
  finishedAt: '2026-03-01T11:59:00Z',
  makespanNs: '60000000000',
  stepCount: 3,
  stepsByStatus: { completed: 3 },
  ...more,
});
const page = (...items: object[]) => ({ items, nextCursor: '', revision: '1' });

test('an empty list is [] in JSON, nothing elsewhere, and no failure', async () => {
  const { tmws } = await withGateway({ 'GET /api/v1/executions': () => page() });
  expect(await tmws('run list -o json')).toEqual({ code: 0, out: '[]\n', err: '' });
  expect(await tmws('run list -o jsonl')).toEqual({ code: 0, out: '', err: '' });
  expect(await tmws('run list')).toEqual({ code: 0, out: '', err: '' });
  expect(await tmws('run list', { outIsTty: true, errIsTty: true })).toEqual({
    code: 0,
    out: '',
    err: 'no runs yet; `tmws demo` makes some\n',
  });
});

test('a list is a table on a terminal, tab-separated elsewhere, and the API object in JSON', async () => {
  const { tmws } = await withGateway({ 'GET /api/v1/executions': () => page(run(1), run(2, { status: 'failed' })) });
  const table =
    'ID     WORKFLOW  STATUS     STARTED    DURATION  STEPS  NAME\nrun-1  agent 7   completed  2 min ago       1 m      3  topic 1\nrun-2  agent 7   failed     2 min ago       1 m      3  topic 2\n';
  expect((await tmws('run list', { outIsTty: true })).out).toBe(table);
  expect((await tmws('run list -o table --time relative')).out).toBe(table);
  expect((await tmws('run list')).out).toBe(
    'run-1\tagent 7\tcompleted\t2026-03-01T11:58:00Z\t1 m\t3\ttopic 1\nrun-2\tagent 7\tfailed\t2026-03-01T11:58:00Z\t1 m\t3\ttopic 2\n',
  );
  expect(JSON.parse((await tmws('get runs -o json')).out)).toEqual([run(1), run(2, { status: 'failed' })]);
  expect(
    (await tmws('run list -o jsonl')).out
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([run(1), run(2, { status: 'failed' })]);
});

test('filters, limit and namespace reach the server; --all follows the cursor to the end', async () => {
  const { tmws, asked } = await withGateway({
    'GET /api/v1/executions': (url) =>
      url.searchParams.get('cursor') === null ? { ...page(run(1)), nextCursor: 'c 2' } : page(run(2)),
  });
  await tmws('run list --workflow agent --status failed,timed_out -q grid --sort duration --limit 1 -n team-a');
  expect(asked.map(({ line, namespace }) => [line, namespace])).toEqual([
    ['GET /api/v1/executions?workflow=agent&status=failed%2Ctimed_out&q=grid&sort=duration&limit=1', 'team-a'],
  ]);
  const { out } = await tmws('run list --all -o json');
  expect(JSON.parse(out)).toHaveLength(2);
  expect(asked.slice(1).map(({ line }) => line)).toEqual([
    'GET /api/v1/executions?limit=500',
    'GET /api/v1/executions?limit=500&cursor=c+2',
  ]);
});

test('a run is found by id, by the beginning of its id, and as @last-failed', async () => {
  const { tmws, asked } = await withGateway({
    'GET /api/v1/executions/run-1': () => run(1),
    'GET /api/v1/executions': ({ searchParams }) => page(...(searchParams.get('status') === null ? [run(1), run(2)] : [run(1)])),
  });
  expect((await tmws('run get run-1')).out).toContain('steps\t3 (3 completed)\n');
  expect((await tmws('describe run/run-1 -o json')).code).toBe(0);
  expect((await tmws('run get @last-failed')).code).toBe(0);
  expect(asked.map(({ line }) => line)).toContain('GET /api/v1/executions?status=failed%2Ctimed_out&limit=1');
  expect(await tmws('run get run')).toEqual({ code: 2, out: '', err: 'tmws: 2 runs begin with "run": run-1, run-2\n' });
  expect((await tmws('run get other')).code).toBe(3);
});

test('bottlenecks are listed by what would be won; when none is named it is said why', async () => {
  const found = {
    makespanNs: '920000000000',
    refusal: '',
    steps: [
      {
        stepId: 'add',
        name: 'add all',
        durationNs: '40000000000',
        dragNs: '40000000000',
        slackNs: '0',
        feasibility: { word: 'wait', waitKind: 'queue', reason: '71 % of its time is queue' },
      },
    ],
    types: [
      { by: 'kind', value: 'project', steps: 2, dragNs: '880000000000' },
      { by: 'kind', value: 'add', steps: 1, dragNs: '40000000000' },
    ],
  };
  const refusal = '60 % of the makespan is accounted for by no step';
  const { tmws, asked } = await withGateway({
    'GET /api/v1/executions/run-1/bottlenecks': () => found,
    'GET /api/v1/executions/run-2/bottlenecks': () => ({ refusal, steps: [], types: [] }),
  });
  expect((await tmws('run bottlenecks run-1 --limit 7 -o table')).out).toBe(
    'DRAG  SHARE  SLACK  DURATION  STEP     DO          REASON\n' +
      '40 s    4 %    0 s      40 s  add all  wait queue  71 % of its time is queue\n' +
      '\nif they took no time, at most would be won by\n  all 2 steps of kind project: 14 m 40 s\n',
  );
  expect(asked.map(({ line }) => line)).toEqual(['GET /api/v1/executions/run-1/bottlenecks?limit=7']);
  expect(JSON.parse((await tmws('run bottlenecks run-1 -o json')).out)).toEqual(found);
  expect((await tmws('run bottlenecks run-1')).out).toBe(
    '40 s\t4 %\t0 s\t40 s\tadd all\twait queue\t71 % of its time is queue\n',
  );
  expect(await tmws('run bottlenecks run-2')).toEqual({ code: 0, out: '', err: `no bottleneck is named: ${refusal}\n` });
});

test('a picture goes to standard output or into a file', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>\n';
  const { tmws, asked } = await withGateway({
    'GET /api/v1/executions/run-1/timeline.svg': (_url, _body, response) => {
      response.setHeader('content-type', 'image/svg+xml; charset=utf-8').end(svg);
    },
    'GET /api/v1/executions/json/timeline.svg': () => ({}),
  });
  expect(await tmws('run svg run-1 --width 800 --theme dark')).toEqual({ code: 0, out: svg, err: '' });
  expect(asked[0]!.line).toBe('GET /api/v1/executions/run-1/timeline.svg?width=800&theme=dark');
  const dir = await mkdtemp(join(tmpdir(), 'run-svg-'));
  try {
    expect(await tmws('run svg run-1 --file run.svg', { cwd: dir })).toEqual({ code: 0, out: '', err: 'wrote run.svg\n' });
    expect(await readFile(join(dir, 'run.svg'), 'utf8')).toBe(svg);
    expect(await tmws('run svg run-1 --file no/run.svg', { cwd: dir })).toMatchObject({
      code: 2,
      err: 'tmws: "no/run.svg" cannot be written (ENOENT)\n  hint: --file names one in a folder that is there\n',
    });
  } finally {
    await rm(dir, { recursive: true });
  }
  expect((await tmws('run svg json')).code).toBe(7);
});

test('text of others cannot steer the terminal', async () => {
  const { tmws } = await withGateway({ 'GET /api/v1/executions': () => page(run(1, { name: 'a\x1b[31mb\nc\u202ed' })) });
  expect((await tmws('run list')).out).toContain('\ta\ufffd[31mb\ufffdc\ufffdd\n');
});

test.each([
  [400, 'invalid', 2],
  [403, 'forbidden', 4],
  [409, 'precondition', 5],
  [429, 'limited', 6],
  [503, 'unavailable', 7],
  [500, 'internal', 1],
])('a %i of kind %s ends with exit code %i and its own sentence', async (status, kind, code) => {
  const { tmws } = await withGateway({
    'GET /api/v1/executions': (_url, _body, response) => problem(response, status, kind, 'no way'),
  });
  expect(await tmws('run list')).toEqual({ code, out: '', err: 'tmws: no way\n' });
  const { out, err } = await tmws('run list -o json');
  expect(out).toBe('');
  expect(JSON.parse(err)).toMatchObject({ kind, status, detail: 'no way', code });
});

test('no server, a silent server and a server that is not TMWS are said apart, all with exit code 7', async () => {
  const { tmws, url, close } = await withGateway({
    'GET /api/v1/executions': (_url, _body, response) =>
      void response.setHeader('content-type', 'text/html').end('<h1>hello</h1>'),
    'GET /api/v1/dead-letters': () => undefined,
  });
  expect(await tmws('run list')).toMatchObject({
    code: 7,
    err: expect.stringContaining('answers, but not as TMWS does (200, text/html)') as string,
  });
  expect(await tmws('dlq list --timeout 1')).toMatchObject({
    code: 7,
    err: expect.stringContaining('did not answer within 1 s') as string,
  });
  opened.splice(0);
  await close();
  expect(await tmws('demo')).toMatchObject({
    code: 7,
    out: '',
    err: expect.stringContaining(`no TMWS answers at ${url} (ECONNREFUSED)\n  hint: start one with \`tmws up\``) as string,
  });
});

test.each([
  ['runn', "unknown command 'runn' (Did you mean run?)"],
  ['run list --limit 0', "argument '0' is invalid. It must be a whole number from 1."],
  ['run list -o xml', 'Allowed choices are table, json, jsonl.'],
  ['run get', "missing required argument 'run'"],
  ['dlq replay', 'give the ids of the records, or --all'],
  ['dlq replay a --all', 'give ids or --all, not both'],
  ['run get @first', '"@first" is no name of a run'],
  ['run list --server ftp://x', '--server must be an address like "http://127.0.0.1:8080" (got "ftp://x")'],
  ['admin rebuild', '--yes says that you mean it'],
])('`tmws %s` is wrong usage: exit code 2, nothing on standard output', async (line, sentence) => {
  const { terminal, written } = paperTerminal();
  expect(await runCli(line.split(' '), terminal)).toBe(2);
  expect(written.out).toBe('');
  expect(written.err).toContain(sentence);
});

test('the demo sends all its events through the door and prints the page of each run', async () => {
  const accept = (_url: URL, body: string) => ({
    items: (JSON.parse(body) as { id: string }[]).map(({ id }) => ({ id, status: 'accepted' })),
  });
  const { tmws, asked, url } = await withGateway({ 'POST /api/v1/events': accept });
  for (const [line, batches] of [
    ['demo --fast', 2],
    ['demo --seed 3', 100],
  ] as const) {
    const { code, out } = await tmws(line);
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(11);
    expect(out).toMatch(new RegExp(`^(research-agent-[0-9a-f]{6}-1)\t${url}/executions/\\1\n`));
    const sent = asked.splice(0);
    expect(sent.length).toBeGreaterThanOrEqual(batches);
    expect(sent.every(({ contentType }) => contentType === 'application/cloudevents-batch+json')).toBe(true);
    expect(sent.flatMap(({ body }) => JSON.parse(body) as object[]).length).toBeGreaterThan(300);
  }
});

test('a demo outlives a short absence of the server, and ends with the reason when an event is refused', async () => {
  let count = 0;
  const { tmws, asked } = await withGateway({
    'POST /api/v1/events': (_url, body, response) => {
      count++;
      if (count === 2) return problem(response, 503, 'unavailable', 'the log is away');
      if (count < 4) return { items: [] };
      const [first] = JSON.parse(body) as { id: string }[];
      return { items: [{ id: first?.id, status: 'refused', problem: { kind: 'invalid', detail: 'data.stepId is missing' } }] };
    },
  });
  const { code, err } = await tmws('demo');
  expect([code, count]).toEqual([8, 4]);
  expect(asked[1]?.body).toBe(asked[2]?.body);
  expect(err).toContain('tmws: data.stepId is missing\n  hint: the event ');
});

test('a replay says what it could not send, and exits with 8 when only some went', async () => {
  const answers = [
    { replayed: 1, missing: ['t/0/2'], refused: [] },
    { replayed: 0, missing: ['t/0/2'], refused: [] },
    { replayed: 4, missing: [] },
  ];
  const { tmws, asked } = await withGateway({ 'POST /api/v1/dead-letters/replay': () => answers.shift() });
  expect(await tmws('dlq replay t/0/1 t/0/2')).toEqual({
    code: 8,
    out: 'replayed\t1\n',
    err: 'missing: t/0/2 is not among the dead letters\n',
  });
  expect((await tmws('dlq replay t/0/2')).code).toBe(3);
  expect(await tmws('dlq replay --all --topic t -o jsonl')).toEqual({ code: 0, out: '{"replayed":4,"missing":[]}\n', err: '' });
  expect(asked.map(({ body }) => body)).toEqual(['{"ids":["t/0/1","t/0/2"]}', '{"ids":["t/0/2"]}', '{"all":true,"topic":"t"}']);
});

test('dead letters come with the reason of their refusal', async () => {
  const letter = {
    id: 't/0/1',
    topic: 't',
    reason: 'data.stepId is missing',
    kind: 'invalid',
    refusedAt: '2026-03-01T11:00:00Z',
    headers: {},
    sizeBytes: 12,
  };
  const { tmws } = await withGateway({ 'GET /api/v1/dead-letters': () => ({ items: [letter] }) });
  expect((await tmws('dlq list')).out).toBe('t/0/1\t2026-03-01T11:00:00Z\tinvalid\t\t12\tdata.stepId is missing\n');
  expect(JSON.parse((await tmws('dlq list -o json')).out)).toEqual([letter]);
});

test('a rebuild asks first, tells how far it is, and names what the log has lost', async () => {
  const gap = { topic: 'tmws.workflow', partition: 3, fromOffset: '0', toOffset: '9' };
  const lines = [
    { done: '0', total: '20', gaps: [] },
    { done: '20', total: '20', gaps: [gap] },
  ];
  const { tmws, asked } = await withGateway({
    'POST /api/v1/admin/rebuild': (_url, _body, response) =>
      void response.setHeader('content-type', 'application/jsonl').end(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
  });
  expect(await tmws('admin rebuild', { ask: () => Promise.resolve('n') })).toMatchObject({
    code: 130,
    out: '',
    err: 'nothing was done\n',
  });
  expect(asked).toHaveLength(0);
  const answered = await tmws('admin rebuild', { ask: () => Promise.resolve('y'), errIsTty: true });
  expect(answered).toMatchObject({ code: 0, out: 'rebuilt\t20 records\n' });
  expect(answered.err).toContain('100 %  20 of 20 records');
  expect(answered.err).toContain('gap: tmws.workflow/3 from 0 to 9 is no longer on the log');
  lines.pop();
  expect(await tmws('admin rebuild --yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('broke off after 0 of 20 records') as string,
  });
});
