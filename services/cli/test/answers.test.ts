import { runCli } from '../src/run-cli.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

async function withGateway(answers: Parameters<typeof openFakeGateway>[0]) {
  const gateway = await openFakeGateway(answers);
  opened.push(gateway);
  const tmws = async (...words: string[]) => {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
    return { code: await runCli(words, terminal), ...written };
  };
  return { ...gateway, tmws };
}

const waited = {
  stepKey: 'f'.repeat(32),
  stepId: 'read',
  name: 'read page',
  waitedNs: '9000000000',
  ranNs: '1000000000',
  pieces: [
    {
      attempt: 2,
      kind: 'queue',
      causes: [
        {
          cause: 'contention',
          ns: '7000000000',
          pool: 'web',
          worker: 'w-1',
          behind: [{ stepId: 'scrape', attempt: 3, ns: '5000000000' }],
          behindCount: 4,
        },
      ],
    },
    { attempt: 2, kind: 'rate_limit', reason: '429', causes: [{ cause: 'told', ns: '2000000000' }] },
  ],
};
const waits = {
  stepsWaited: 1,
  waitedNs: '9000000000',
  nsByCause: { told: '2000000000', contention: '7000000000' },
  steps: [waited],
  pools: [
    {
      pool: 'web',
      queueNs: '7000000000',
      utilisation: 0.834,
      capacity: 2,
      littlesLawHolds: false,
      blame: [{ waiting: 'read page', on: 'scrape', ns: '5000000000' }],
    },
  ],
};
const base = 'GET /api/v1/executions/run-1';

test('waits are listed with their causes and for whom, then the sums and the pools', async () => {
  const { tmws, asked } = await withGateway({
    [`${base}/waits`]: () => waits,
    [`GET /api/v1/executions/run-2/waits`]: () => ({}),
  });
  expect((await tmws('run', 'waits', 'run-1', '--limit', '7', '-o', 'table')).out).toBe(
    'STEP       WAITED  KIND        CAUSE       TRY  FOR\n' +
      'read page     7 s  queue       contention    2  web/w-1: scrape#3 5 s, 3 more\n' +
      'read page     2 s  rate_limit  told          2  429\n' +
      '\n1 steps waited 9 s in all: contention 7 s, told 2 s\n' +
      '\npool web: 83 % of 2 used, 7 s waited for it; read page waited 5 s behind scrape; not all tell when they were queued\n',
  );
  expect(asked.map(({ line }) => line)).toEqual(['GET /api/v1/executions/run-1/waits?limit=7']);
  expect((await tmws('run', 'waits', 'run-1')).out).toBe(
    'read page\t7 s\tqueue\tcontention\t2\tweb/w-1: scrape#3 5 s, 3 more\nread page\t2 s\trate_limit\ttold\t2\t429\n',
  );
  expect(JSON.parse((await tmws('run', 'waits', 'run-1', '-o', 'json')).out)).toEqual(waits);
  expect((await tmws('run', 'waits', 'run-1', '-o', 'jsonl')).out).toBe(`${JSON.stringify(waited)}\n`);
  expect(await tmws('run', 'waits', 'run-2', '-o', 'table')).toEqual({ code: 0, out: '', err: 'no step waited\n' });
});

const keys = { plan: 'a'.repeat(32), read: 'f'.repeat(32), twin: 'e'.repeat(32) };
const graph = {
  nodes: [
    { stepKey: keys.plan, stepId: 'plan', name: 'make a plan' },
    { stepKey: keys.read, stepId: 'read', name: 'read page' },
    { stepKey: keys.twin, stepId: 'read-2', name: 'read page' },
  ],
  edges: [{ from: keys.plan, to: keys.read, kind: 'dependency' }],
};

test('a graph is a list of edges, a drawing in its own words, or the API object', async () => {
  const { tmws, asked } = await withGateway({
    [`${base}/graph`]: ({ searchParams }, _body, response) => {
      if (searchParams.get('format') !== 'dot') return graph;
      return void response.setHeader('content-type', 'text/vnd.graphviz; charset=utf-8').end('digraph {}\n');
    },
  });
  expect((await tmws('run', 'graph', 'run-1')).out).toBe('plan\tread\tdependency\n');
  expect((await tmws('run', 'graph', 'run-1', '--format', 'dot')).out).toBe('digraph {}\n');
  for (const words of [
    ['--format', 'json'],
    ['-o', 'json'],
  ]) {
    expect(JSON.parse((await tmws('run', 'graph', 'run-1', ...words)).out)).toEqual(graph);
  }
  expect(asked[1]?.line).toBe('GET /api/v1/executions/run-1/graph?format=dot');
  expect(await tmws('run', 'graph', 'run-1', '--format', 'png')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are dot, mermaid, json.') as string,
  });
});

const step = {
  row: { stepKey: keys.plan, stepId: 'plan', name: 'make a plan', kind: 'llm', status: 'completed' },
  attempts: [
    {
      attempt: 1,
      status: 'completed',
      facts: [{ type: 'started' }, { type: 'completed' }],
      input: { inline: { q: 'x' } },
      output: { ref: '/api/v1/executions/run-1/steps/k/payloads/h', bytes: '9000', truncated: true, wholeBytes: '70000' },
    },
  ],
  dependents: [{ stepId: 'read' }],
  waits: waited,
  drag: { dragNs: '5000000000', slackNs: '0', resourceDragNs: '6000000000', feasibility: { reason: 'it ran' } },
  straggler: { excessNs: '3000000000', siblings: 9, noImpact: true },
};

test('a step is shown by its key, its id or its name, with tries, values and waits', async () => {
  const { tmws, asked } = await withGateway({
    [base]: () => ({ id: 'run-1' }),
    [`${base}/graph`]: () => graph,
    [`${base}/steps/${keys.plan}`]: () => step,
  });
  const { out } = await tmws('run', 'step', 'run-1', 'make a plan');
  expect(out).toContain(`step\tplan\nname\tmake a plan\nkey\t${keys.plan}\n`);
  expect(out).toContain('waited\t9 s, ran 1 s\ndrag\t5 s, slack 0 s\nwith workers\t6 s, slack 0 s\ndo\tit ran\n');
  expect(out).toContain('straggler\t3 s over the median of 9 like it, no impact\ntry 1\tcompleted (told: started, completed)\n');
  expect(out).toContain(
    'try 1 input\t{"q":"x"}\ntry 1 output\t9000 bytes at /api/v1/executions/run-1/steps/k/payloads/h, the beginning of 70000 bytes\n',
  );
  expect(out).toContain('\n7 s\tqueue\tcontention\t2\tweb/w-1');
  expect((await tmws('run', 'step', 'run-1', 'plan')).out).toBe(out);
  asked.splice(0);
  expect(JSON.parse((await tmws('run', 'step', 'run-1', keys.plan, '-o', 'json')).out)).toEqual(step);
  expect(asked.map(({ line }) => line)).toEqual([base, `${base}/steps/${keys.plan}`]);
});

test('a name that several steps have, or none, is said so with what to do', async () => {
  const { tmws } = await withGateway({ [base]: () => ({ id: 'run-1' }), [`${base}/graph`]: () => graph });
  expect(await tmws('run', 'step', 'run-1', 'read page')).toEqual({
    code: 2,
    out: '',
    err: `tmws: 2 steps of run run-1 are called "read page"; give the key of one: ${keys.read}, ${keys.twin}\n`,
  });
  expect(await tmws('run', 'step', 'run-1', 'nope')).toEqual({
    code: 3,
    out: '',
    err: 'tmws: run run-1 has no step "nope"\n  hint: `tmws run timeline run-1` shows the steps it has\n',
  });
});
