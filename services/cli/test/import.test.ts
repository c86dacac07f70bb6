import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCli } from '../src/run-cli.ts';
import type { Terminal } from '../src/terminal.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const dir = mkdtempSync(join(tmpdir(), 'cli-import-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

const operation = (status: string, more: object = {}) => ({
  id: 'imp-1',
  kind: 'import',
  status,
  name: 'run.json',
  done: status === 'done' ? 30 : 10,
  total: 30,
  unit: 'facts',
  createdAt: '2026-03-01T11:59:00Z',
  ...(status === 'done' && {
    result: { format: 'temporal', executionCount: 1, stepCount: 7, executions: [{ id: 'run 42', steps: 7 }] },
  }),
  ...more,
});

async function withGateway(answers: Parameters<typeof openFakeGateway>[0]) {
  const gateway = await openFakeGateway(answers);
  opened.push(gateway);
  const tmws = async (args: string[], given: Partial<Terminal> = {}) => {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url }, ...given });
    return { code: await runCli(args, terminal), ...written };
  };
  return { ...gateway, tmws };
}

test('a file is sent as it is with its name, and its runs are listed with their pages', async () => {
  let asked = 0;
  const {
    tmws,
    asked: requests,
    url,
  } = await withGateway({
    'POST /api/v1/imports': () => operation('queued'),
    'GET /api/v1/operations/imp-1': () => operation(++asked < 3 ? 'running' : 'done'),
  });
  const { code, out, err } = await tmws(['import', file('run a.json', '{"events":[]}'), '-n', 'team-a'], { errIsTty: true });
  expect(requests[0]).toMatchObject({ line: 'POST /api/v1/imports?name=run+a.json', body: '{"events":[]}', namespace: 'team-a' });
  expect(code).toBe(0);
  expect(out).toBe(`run 42\t7\ttemporal\t${dir}/run a.json\t${url}/executions/run%2042?namespace=team-a\n`);
  expect(err).toContain('10 of 30 facts');
});

test('the operation is the JSON, and a reconstruction says that it is one', async () => {
  const done = operation('done', {
    result: { format: 'wfformat', executions: [{ id: 'wf-1', steps: 3, reconstructed: true }] },
  });
  const { tmws } = await withGateway({ 'POST /api/v1/imports': () => done });
  const path = file('wf.json', '{}');
  expect(JSON.parse((await tmws(['import', path, '-o', 'json'])).out)).toEqual([done]);
  expect((await tmws(['import', path])).out).toContain('wfformat, reconstructed');
});

test('standard input is sent under a name of its own', async () => {
  const { tmws, asked } = await withGateway({ 'POST /api/v1/imports': () => operation('done') });
  await tmws(['import', '-'], { input: () => Readable.from([Buffer.from('{"a":'), Buffer.from('1}')]) });
  expect(asked[0]).toMatchObject({ line: 'POST /api/v1/imports?name=stdin', body: '{"a":1}' });
});

test('each file that fails is named, the others are imported, and the exit code says it', async () => {
  const { tmws } = await withGateway({
    'POST /api/v1/imports': (url, _body, response) => {
      const name = url.searchParams.get('name');
      if (name === 'bad.json') return problem(response, 415, 'unsupported', 'the file is of no format known here');
      if (name === 'late.json') return operation('failed', { problem: { kind: 'invalid', detail: 'line 17: time is missing' } });
      return operation('done');
    },
  });
  const paths = [file('bad.json', 'x'), file('good.json', '{}'), file('late.json', '{}'), join(dir, 'gone.json')];
  const { code, out, err } = await tmws(['import', ...paths]);
  expect(code).toBe(1);
  expect(out).toContain('run 42');
  expect(err).toContain('bad.json: tmws: the file is of no format known here');
  expect(err).toContain('late.json: tmws: line 17: time is missing');
  expect(err).toContain('gone.json cannot be read');
  expect(err).toContain('3 of 4 files were not imported');
});

test('a single file that is refused is the failure of the command', async () => {
  const { tmws } = await withGateway({
    'POST /api/v1/imports': (_url, _body, response) => problem(response, 413, 'too_large', 'at most 256 MiB'),
  });
  expect(await tmws(['import', file('one.json', '{}')])).toEqual({ code: 1, out: '', err: 'tmws: at most 256 MiB\n' });
  const missing = await tmws(['import', join(dir, 'gone.json')]);
  expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('gone.json cannot be read')]);
});

test('--open shows the first run in a browser, or says where it is', async () => {
  const { tmws, url } = await withGateway({ 'POST /api/v1/imports': () => operation('done') });
  const shown: string[] = [];
  const openBrowser = (page: string) => Promise.resolve(shown.push(page) > 0);
  await tmws(['import', file('x.json', '{}'), '--open'], { openBrowser });
  expect(shown).toEqual([`${url}/executions/run%2042`]);
  const { err } = await tmws(['import', file('x.json', '{}'), '--open']);
  expect(err).toBe(`no browser opened; it is at ${url}/executions/run%2042\n`);
});

test('operations are listed, shown and cancelled', async () => {
  const { tmws, asked } = await withGateway({
    'GET /api/v1/operations': () => ({ items: [operation('running')], nextCursor: '' }),
    'GET /api/v1/operations/imp-1': () => operation('done', { rate: 20.4 }),
    'POST /api/v1/operations/imp-1/cancel': () => operation('cancelled'),
  });
  expect((await tmws(['operation', 'list', '--status', 'running'])).out).toBe(
    'imp-1\timport\trunning\t10 of 30 facts\t2026-03-01T11:59:00Z\trun.json\n',
  );
  expect(asked[0]?.line).toBe('GET /api/v1/operations?status=running&limit=50');
  expect((await tmws(['operation', 'get', 'imp-1'])).out).toContain('made\t1 executions, 7 steps (temporal)\n');
  expect((await tmws(['operation', 'cancel', 'imp-1'])).out).toContain('status\tcancelled\n');
});
