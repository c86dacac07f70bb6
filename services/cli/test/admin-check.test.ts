import { runCli } from '../src/run-cli.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

type Answers = Parameters<typeof openFakeGateway>[0];

async function check(arrivesAfter: number, alerts: Answers[string], ...more: string[]) {
  let looked = 0;
  const answers: Answers = {
    'POST /api/v1/events': (_url, body) => {
      const path = `/api/v1/executions/${(JSON.parse(body) as { data: { executionId: string } }).data.executionId}`;
      answers[`GET ${path}`] = (_asked, _body, response) =>
        looked++ < arrivesAfter ? problem(response, 404, 'not_found', 'there is no such execution') : { id: 'x' };
      answers[`DELETE ${path}`] = (_asked, _body, response) => void response.writeHead(204).end();
      return { items: [{ status: 'accepted' }] };
    },
    'GET /api/v1/alerts': alerts,
  };
  const gateway = await openFakeGateway(answers);
  try {
    const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url } });
    const code = await runCli(['admin', 'check', ...more], terminal);
    return { code, ...written, lines: gateway.asked.map(({ line }) => line.replace(/check-[\w-]+/, 'ID')) };
  } finally {
    await gateway.close();
  }
}

const well = () => ({ items: [] });

test('an event that becomes an execution after a while, and alerting that answers, is a fleet that works', async () => {
  const { code, out, lines } = await check(1, well);
  expect(code).toBe(0);
  expect(out.replaceAll(/\d+ ms/g, 'N ms').split('\n')).toEqual([
    'an event is taken\tok\tN ms\t',
    'its execution can be read\tok\tN ms\t',
    'its execution can be deleted\tok\tN ms\t',
    'alerting answers\tok\tN ms\t',
    '',
  ]);
  expect(lines).toEqual([
    'POST /api/v1/events',
    'GET /api/v1/executions/ID',
    'GET /api/v1/executions/ID',
    'DELETE /api/v1/executions/ID',
    'GET /api/v1/alerts?limit=1',
  ]);
});

test('a part that is away is said, the others are asked all the same, and the command fails', async () => {
  const away: Answers[string] = (_url, _body, response) =>
    problem(response, 503, 'unavailable', 'alerting does not answer; try again in a moment');
  const { code, out } = await check(0, away, '-o', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual([
    { name: 'an event is taken', ok: true, tookMs: expect.any(Number) as number, error: '' },
    { name: 'its execution can be read', ok: true, tookMs: expect.any(Number) as number, error: '' },
    { name: 'its execution can be deleted', ok: true, tookMs: expect.any(Number) as number, error: '' },
    {
      name: 'alerting answers',
      ok: false,
      tookMs: expect.any(Number) as number,
      error: 'alerting does not answer; try again in a moment',
    },
  ]);
});

test('an execution that never comes is said once the time limit is over, and nothing is deleted', async () => {
  const { code, out, lines } = await check(1000, well, '--timeout', '1');
  expect(code).toBe(1);
  expect(out).toMatch(/its execution can be read\tfailed\t\d+ ms\tthe gateway took the event, .* within 1 s/);
  expect(lines.at(-1)).toBe('GET /api/v1/alerts?limit=1');
  expect(lines).not.toContain('DELETE /api/v1/executions/ID');
});
