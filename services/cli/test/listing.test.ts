import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../src/run-cli.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

let gateway: Awaited<ReturnType<typeof openFakeGateway>>;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tmws-export-'));
  gateway = await openFakeGateway({
    'GET /api/v1/executions/export': (url, _body, response) => {
      const q = url.searchParams.get('q') ?? '';
      if (q.startsWith('stauts:')) return problem(response, 400, 'invalid', 'q at 1: there is no key "stauts"');
      response.writeHead(200, { 'content-type': 'application/jsonl' });
      response.write('{"id":"run-1"}\n{"id":"ü');
      if (q === 'broken') setImmediate(() => response.destroy());
      else response.end('"}\n');
      return undefined;
    },
    'GET /api/v1/executions/summary': () => ({
      total: '1000560',
      estimated: true,
      facets: [
        {
          key: 'workflow',
          values: [
            { value: 'etl', count: '7' },
            { value: '', count: '2' },
          ],
          otherValues: 3,
          others: '30',
        },
      ],
      groups: [
        {
          fingerprint: 'f',
          errorType: 'Timeout',
          message: 'no answer in * s',
          step: 'load',
          count: 41,
          firstNs: '1772362800000000000',
          lastNs: '1772366340000000000',
        },
      ],
      failuresGrouped: 5000,
      moreFailures: true,
    }),
  });
});
afterEach(async () => {
  await gateway.close();
  await rm(dir, { recursive: true });
});

const tmws = async (...words: string[]) => {
  const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
  return { code: await runCli(words, terminal), ...written };
};

test('all runs that match go to standard output as they come', async () => {
  expect(await tmws('run', 'export', '-q', 'status:failed', '--workflow', 'etl')).toEqual({
    code: 0,
    out: '{"id":"run-1"}\n{"id":"ü"}\n',
    err: '',
  });
  expect(gateway.asked[0]?.line).toBe('GET /api/v1/executions/export?format=jsonl&workflow=etl&q=status%3Afailed');
});

test('a file is there when it is whole, and not when the export broke off or was refused', async () => {
  const file = join(dir, 'runs.csv');
  expect(await tmws('run', 'export', '--format', 'csv', '--file', file)).toMatchObject({ code: 0, out: '' });
  expect(await readFile(file, 'utf8')).toBe('{"id":"run-1"}\n{"id":"ü"}\n');
  await rm(file);
  expect((await tmws('run', 'export', '-q', 'broken', '--file', file)).code).toBe(7);
  const refused = await tmws('run', 'export', '-q', 'stauts:x', '--file', file);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('there is no key "stauts"') as string });
  expect(await readdir(dir)).toEqual([]);
});

test('runs are counted by one of their properties; an estimate says that it is one', async () => {
  expect(await tmws('run', 'count', '--by', 'workflow')).toEqual({
    code: 0,
    out: 'etl\t7\n-\t2\n',
    err: '30 more have one of 3 other values\nabout 1000560 in all, counted on a sample\n',
  });
});

test('failures are told by their shared causes', async () => {
  expect(await tmws('run', 'count', '--groups')).toEqual({
    code: 0,
    out: '41\tTimeout\tload\t2026-03-01T11:00:00.000Z\t2026-03-01T11:59:00.000Z\tno answer in * s\n',
    err: 'of the latest 5000 failures; there are more\n',
  });
});
