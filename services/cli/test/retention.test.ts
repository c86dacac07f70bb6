import { runCli } from '../src/run-cli.ts';
import type { Terminal } from '../src/terminal.ts';
import { openFakeGateway } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const kept = {
  namespace: 'default',
  days: 30,
  own: false,
  defaultDays: 30,
  revision: '0',
  executions: '2',
  facts: '9',
  bytes: '65536',
  oldestDay: '2026-02-01',
  forecast: { days: 30, bytesPerDay: '1024', measuredDays: 7, bytes: '31744' },
};
const run = { id: 'run-1', status: 'completed' };

let gateway: Awaited<ReturnType<typeof openFakeGateway>>;
beforeEach(async () => {
  gateway = await openFakeGateway({
    'GET /api/v1/retention': () => kept,
    'PUT /api/v1/retention': (_url, body) => ({ ...kept, ...(JSON.parse(body) as object), own: true }),
    'GET /api/v1/executions/run-1': () => run,
    'DELETE /api/v1/executions/run-1': (_url, _body, response) => void response.writeHead(204).end(),
  });
});
afterEach(() => gateway.close());

const tmws = async (line: string, given: Partial<Terminal> = {}) => {
  const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url }, ...given });
  return { code: await runCli(line.split(' '), terminal), ...written };
};

test('what is kept is told in days and sizes', async () => {
  const { code, out } = await tmws('retention get --days 90');
  expect([code, out]).toEqual([
    0,
    'namespace\tdefault\nkept for\t30 days (the default)\nruns\t2\nfacts\t9\non disk\t64 KiB\nsince\t2026-02-01\n' +
      'coming in\t1 KiB a day (mean of 7 days)\nforecast\t31 KiB for 30 days\n',
  ]);
  expect(gateway.asked.at(-1)?.line).toBe('GET /api/v1/retention?days=90');
});

test('it is set in days, for ever, or as the default is', async () => {
  expect((await tmws('retention set 90 -o json')).out).toContain('"days": 90');
  await tmws('retention set 0');
  await tmws('retention set default');
  expect(gateway.asked.map(({ body }) => body)).toEqual(['{"days":90}', '{"days":0}', '{"days":null}']);
  const refused = await tmws('retention set soon');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('days must be 0 to 3650, or default (got "soon")')]);
});

test('a run is taken away after a question, or without one when asked so', async () => {
  expect(await tmws('run delete run-1', { ask: () => Promise.resolve('n') })).toMatchObject({ code: 130, out: '' });
  expect(gateway.asked.map(({ line }) => line)).toEqual(['GET /api/v1/executions/run-1']);
  expect(await tmws('run delete run-1', { ask: () => Promise.resolve(undefined) })).toMatchObject({ code: 2 });
  expect(await tmws('run delete run-1 --yes --force')).toMatchObject({ code: 0, out: 'deleted\trun-1\n' });
  expect(gateway.asked.at(-1)?.line).toBe('DELETE /api/v1/executions/run-1?force=true');
});
