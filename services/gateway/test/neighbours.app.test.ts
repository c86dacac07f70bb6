import { Problem } from '@tmws/problems';
import { eventually } from '@tmws/testkit';
import { rebuildLine } from '../src/inbound/admin-routes.ts';
import { aborted } from './fake-timeline.ts';
import { openGateway } from './open-gateway.ts';

test('while the service hangs health answers at once, and a question is 504 after its budget', async () => {
  await using gateway = await openGateway({ GATEWAY_CALL_TIMEOUT: '1s' });
  gateway.timeline.answers.listExecutions = async (_request, { signal }) => {
    await aborted(signal);
    return {};
  };
  const asked = Array.from({ length: 20 }, () => gateway.get('/api/v1/executions'));
  await eventually(() => expect(gateway.timeline.heard.length).toBe(20));
  const beganMs = performance.now();
  expect(await (await gateway.get('/healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await gateway.get('/readyz')).json()).toEqual({ status: 'ready' });
  expect(performance.now() - beganMs).toBeLessThan(900);
  for (const response of await Promise.all(asked)) expect(response.status).toBe(504);
});

test('while the service is away a question is 503 with when to come again, and nothing of where it was', async () => {
  await using gateway = await openGateway();
  const { address } = gateway.timeline;
  await gateway.timeline.close();
  const response = await gateway.get('/api/v1/executions');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  const { detail } = await gateway.problem(response);
  expect(detail).toBe('tmws.timeline.v1.TimelineService is away; try again in a moment');
  expect(detail).not.toContain(address);
  expect((await gateway.get('/readyz')).status).toBe(200);
});

test('a client that leaves ends the question', async () => {
  await using gateway = await openGateway();
  gateway.timeline.answers.getTimeline = async (_request, { signal }) => {
    await aborted(signal);
    return {};
  };
  const leaving = new AbortController();
  const asked = gateway.get('/api/v1/executions/run-42/timeline', { signal: leaving.signal });
  await eventually(() => expect(gateway.timeline.heard.length).toBe(1));
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await eventually(() => expect(gateway.timeline.heard[0]!.call.signal.aborted).toBe(true));
});

test('an unknown error of the service is a fixed sentence', async () => {
  await using gateway = await openGateway();
  gateway.timeline.answers.getExecution = () => Promise.reject(new Error('column "secret" of postgres://u:p@db'));
  const response = await gateway.get('/api/v1/executions/run-42');
  expect(response.status).toBe(500);
  expect((await gateway.problem(response)).detail).toBe('Something went wrong on our side; the log has the details.');
});

test('a rebuild is told line by line', async () => {
  await using gateway = await openGateway();
  const response = await gateway.post('/api/v1/admin/rebuild', '');
  expect(response.headers.get('content-type')).toContain('application/jsonl');
  const lines = (await response.text()).trimEnd().split('\n');
  const bodies = lines.map((line) => JSON.parse(line) as unknown);
  expect(bodies).toEqual([
    { done: '1', total: '2', gaps: [] },
    { done: '2', total: '2', gaps: [{ topic: 'tmws.workflow', partition: 3, fromOffset: '0', toOffset: '9' }] },
  ]);
  for (const body of bodies) expect(rebuildLine.parse(body)).toEqual(body);
});

test('a rebuild that cannot begin is a problem, one that breaks off says so in its last line', async () => {
  await using gateway = await openGateway();
  // eslint-disable-next-line require-yield
  gateway.timeline.answers.rebuild = async function* () {
    await Promise.resolve();
    throw new Problem('conflict', 'a rebuild runs already');
  };
  expect((await gateway.post('/api/v1/admin/rebuild', '')).status).toBe(409);
  gateway.timeline.answers.rebuild = async function* () {
    yield await Promise.resolve({ done: 1n, total: 2n });
    throw new Problem('unavailable', 'Kafka is away');
  };
  const lines = (await (await gateway.post('/api/v1/admin/rebuild', '')).text()).trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ problem: { status: 503, detail: 'Kafka is away' } });
});

test('while it stops it is not ready, its streams end, and a question is 503', async () => {
  await using gateway = await openGateway();
  const stream = await gateway.get('/api/v1/executions', { headers: { accept: 'text/event-stream' } });
  await gateway.stopApp();
  expect(await stream.text()).toContain('retry: 1000');
  expect((await gateway.get('/readyz')).status).toBe(503);
  expect((await gateway.get('/healthz')).status).toBe(200);
  const response = await gateway.get('/api/v1/executions');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});
