import { runCli } from '../src/run-cli.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

type Answers = Parameters<typeof openFakeGateway>[0];

async function check(arrivesAfter: number, alerts: Answers[string]) {
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
    const code = await runCli(['admin', 'check'], terminal);
    return { code, ...written, lines: gateway.asked.map(({ line }) => line.replace(/check-[\w-]+/, 'ID')) };
  } finally {
    await gateway.close();
  }
}

test('an event that becomes an execution after a while, and alerting that answers, is a fleet that works', async () => {
  const { code, out, lines } = await check(1, () => ({ items: [] }));
  expect(code).toBe(0);
  expect(out).toMatch(/executions\s+read \d+ ms after its event/);
  expect(lines).toEqual([
    'POST /api/v1/events',
    'GET /api/v1/executions/ID',
    'GET /api/v1/executions/ID',
    'GET /api/v1/alerts?limit=1',
    'DELETE /api/v1/executions/ID',
  ]);
});

test('a part that is away is said, and the command fails', async () => {
  const { code, err } = await check(0, (_url, _body, response) =>
    problem(response, 503, 'unavailable', 'alerting does not answer; try again in a moment'),
  );
  expect(code).toBe(7);
  expect(err).toContain('alerting does not answer');
});
