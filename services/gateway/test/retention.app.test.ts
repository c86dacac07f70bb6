import { openGateway } from './open-gateway.ts';

const json = { 'content-type': 'application/json' };

test('what is kept is told with a forecast, for other days too', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get('/api/v1/retention?days=90', { headers: { 'x-tmws-namespace': 'team-a' } });
  expect(response.headers.get('etag')).toBe('"4"');
  expect(await response.json()).toMatchObject({
    days: 30,
    own: false,
    bytes: '65536',
    oldestDay: '2026-02-01',
    forecast: { bytesPerDay: '1024', bytes: '31744' },
  });
  expect(gateway.timeline.heard[0]).toMatchObject({ request: { days: 90 }, call: { caller: { namespace: 'team-a' } } });
});

test('retention is set, for ever with 0 and back to the default with null; a stale If-Match is 412', async () => {
  await using gateway = await openGateway();
  const put = (body: unknown, headers: Record<string, string> = {}) =>
    gateway.get('/api/v1/retention', { method: 'PUT', body: JSON.stringify(body), headers: { ...json, ...headers } });
  expect(await (await put({ days: 0 }, { 'if-match': '"4"' })).json()).toMatchObject({ days: 0, own: true, revision: '5' });
  expect(await (await put({ days: null })).json()).toMatchObject({ days: 30, own: false });
  expect((await put({ days: 7 }, { 'if-match': '"3"' })).status).toBe(412);
  expect((await put({ days: 7 }, { 'if-match': 'rubbish' })).status).toBe(412);
});

test.each([
  [{}, 'days'],
  [{ days: -1 }, 'days'],
  [{ days: 3651 }, 'days'],
  [{ days: 1.5 }, 'days'],
  [{ days: 7, weeks: 1 }, 'weeks'],
])('%j is no retention, and the field is named', async (body, field) => {
  await using gateway = await openGateway();
  const response = await gateway.get('/api/v1/retention', { method: 'PUT', body: JSON.stringify(body), headers: json });
  expect(await gateway.problem(response)).toMatchObject({ status: 400, field });
  expect(gateway.timeline.heard).toEqual([]);
});

test('an execution is taken away; while it runs only by force', async () => {
  await using gateway = await openGateway();
  const remove = (path: string) => gateway.get(`/api/v1/executions/${path}`, { method: 'DELETE' });
  expect(await gateway.problem(await remove('run-42'))).toMatchObject({ status: 409, field: 'force' });
  const done = await remove('run-42?force=true');
  expect([done.status, await done.text()]).toEqual([204, '']);
  expect(await gateway.problem(await remove('another'))).toMatchObject({ status: 404 });
  expect(await gateway.problem(await remove('run-42?force=yes'))).toMatchObject({ status: 400, field: 'force' });
});
