import { Problem } from '@tmws/problems';
import { bottlenecks } from '../src/inbound/schemas/bottlenecks.ts';
import { graph } from '../src/inbound/schemas/graph.ts';
import { criticalPath, timeline as timelineSchema } from '../src/inbound/schemas/timeline.ts';
import { execution, executionList } from '../src/inbound/schemas/execution.ts';
import { startNs } from './fake-timeline.ts';
import { openGateway } from './open-gateway.ts';

const base = '/api/v1/executions';

test.each([
  ['a page of executions', base, executionList],
  ['an execution', `${base}/run-42`, execution],
  ['a timeline', `${base}/run-42/timeline`, timelineSchema],
  ['a critical path', `${base}/run-42/critical-path`, criticalPath],
  ['what would be won', `${base}/run-42/bottlenecks?limit=7`, bottlenecks],
  ['a graph', `${base}/run-42/graph`, graph],
])('%s is answered just as the document describes it', async (_what, path, schema) => {
  await using gateway = await openGateway();
  const response = await gateway.get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body: unknown = await response.json();
  // Parsing drops what the schema does not know, so an answer that has more would differ.
  expect(schema.parse(body)).toEqual(body);
});

test('JSON is by proto3 rules: 64-bit numbers as texts, what is absent absent, what is empty there', async () => {
  await using gateway = await openGateway();
  const body = (await (await gateway.get(`${base}/run-42`)).json()) as Record<string, unknown>;
  expect(body).toMatchObject({ startedAtNs: '1772366400000000000', revision: '7', parentExecutionId: '', stepCount: 2 });
  expect(body).not.toHaveProperty('finishedAtNs');
});

test('filters, order and page go to the service, with namespace and request id', async () => {
  await using gateway = await openGateway();
  const query =
    '?workflow=a%20b&status=failed,running&status=completed&from=2026-03-01T12:00:00.000000001Z&to=2026-03-01T13:00:00%2B01:00' +
    '&q=x&sort=duration&limit=500&cursor=c&namespace=team-b';
  await gateway.get(`${base}${query}`, { headers: { 'x-request-id': 'r-1', 'x-tmws-namespace': 'team-a' } });
  const [heard] = gateway.timeline.heard;
  expect(heard!.call.caller).toEqual({ namespace: 'team-a', principal: 'anonymous', requestId: 'r-1' });
  expect(heard!.request).toMatchObject({
    workflow: 'a b',
    statuses: ['failed', 'running', 'completed'],
    fromNs: startNs + 1n,
    toNs: startNs,
    q: 'x',
    sort: 'duration',
    limit: 500,
    cursor: 'c',
  });
});

test('an execution id may hold any characters', async () => {
  await using gateway = await openGateway();
  const id = 'a/b c?ü';
  const response = await gateway.get(`${base}/${encodeURIComponent(id)}/timeline?from=2026-03-01T12:00:00Z`);
  expect(response.status).toBe(200);
  expect(gateway.timeline.heard[0]!.request).toMatchObject({ id, fromNs: startNs, toNs: 0n });
});

test.each([
  ['dot', 'text/vnd.graphviz; charset=utf-8'],
  ['mermaid', 'text/plain; charset=utf-8'],
])('a graph as %s is a text', async (format, type) => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/run-42/graph?format=${format}`);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, `${format} "ü"\n`]);
});

test('a graph in a format that is not there is refused by name', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}/run-42/graph?format=png`);
  expect(response.status).toBe(400);
  expect(await gateway.problem(response)).toMatchObject({
    field: 'format',
    detail: 'format must be one of json, dot, mermaid (got "png")',
  });
});

test('how many bottlenecks are asked for goes to the service', async () => {
  await using gateway = await openGateway();
  await gateway.get(`${base}/run-42/bottlenecks?limit=7`);
  await gateway.get(`${base}/run-42/bottlenecks`);
  expect(gateway.timeline.heard.map(({ request }) => request)).toMatchObject([
    { id: 'run-42', limit: 7 },
    { id: 'run-42', limit: 0 },
  ]);
  const refused = await gateway.get(`${base}/run-42/bottlenecks?limit=1001`);
  expect((await gateway.problem(refused)).detail).toBe('limit must be a whole number from 1 to 1000 (got "1001")');
});

test.each([
  ['limit=0', 'limit', 'limit must be a whole number from 1 to 500 (got "0")'],
  ['limit=501', 'limit', 'limit must be a whole number from 1 to 500 (got "501")'],
  ['limit=ten', 'limit', 'limit must be a whole number from 1 to 500 (got "ten")'],
  ['limit=1&limit=2', 'limit', 'limit must be a whole number from 1 to 500'],
  ['sort=age', 'sort', 'sort must be one of -startedAt, startedAt, -duration, duration, -changed (got "age")'],
  ['status=failed,lost', 'status', 'status must be some of planned, running'],
  ['from=yesterday', 'from', 'from must be an RFC 3339 time like "2026-03-01T12:00:00.5Z" (got "yesterday")'],
  ['to=1066-10-14T09:00:00Z', 'to', 'to must lie between 1970 and 2200'],
  ['since=-1', 'since', 'since must be a revision: up to 18 digits (got "-1")'],
  ['stauts=failed', 'stauts', 'there is no parameter "stauts" here; workflow, status, from, to'],
  ['namespace=Team', 'namespace', 'query namespace must be 1 to 63 characters'],
  ['q=a&q=b', 'q', 'q must be a text, given once'],
  ['workflow=a%00', 'workflow', 'workflow must be text without NUL'],
])('?%s is refused by name', async (query, field, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${base}?${query}`);
  expect(response.status).toBe(400);
  const document = await gateway.problem(response);
  expect(document.field).toBe(field);
  expect(document.detail).toContain(detail);
});

test('what the service refuses is refused in its words', async () => {
  await using gateway = await openGateway();
  const missing = await gateway.get(`${base}/nope`);
  expect(missing.status).toBe(404);
  expect((await gateway.problem(missing)).detail).toBe('there is no execution "nope"');
  gateway.timeline.answers.listExecutions = () =>
    Promise.reject(new Problem('invalid', 'cursor is of another order; start again without it', { field: 'cursor' }));
  const stale = await gateway.get(`${base}?cursor=zzz`);
  expect(stale.status).toBe(400);
  expect(await gateway.problem(stale)).toMatchObject({
    field: 'cursor',
    detail: 'cursor is of another order; start again without it',
  });
});

test('an id that no store can hold is refused by name', async () => {
  await using gateway = await openGateway();
  for (const id of ['%00', 'x'.repeat(513)]) {
    const response = await gateway.get(`${base}/${id}`);
    expect(response.status).toBe(400);
    expect((await gateway.problem(response)).field).toBe('id');
  }
});

test('HEAD is answered as GET without a body, any other method is 405 with those there are', async () => {
  await using gateway = await openGateway();
  const head = await gateway.get(base, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
    const response = await gateway.get(base, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await gateway.problem(response)).title).toBe('Method not allowed');
  }
});
