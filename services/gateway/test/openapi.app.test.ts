import { openGateway } from './open-gateway.ts';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Schema {
  additionalProperties?: unknown;
  required?: string[];
  properties?: Record<string, object>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const promised = [
  'POST /api/v1/events',
  'GET /api/v1/executions',
  'GET /api/v1/executions/summary',
  'GET /api/v1/executions/suggest',
  'GET /api/v1/executions/durations',
  'GET /api/v1/executions/export',
  'GET /api/v1/executions/{id}',
  'GET /api/v1/executions/{id}/timeline',
  'GET /api/v1/executions/{id}/timeline.svg',
  'GET /api/v1/executions/{id}/critical-path',
  'GET /api/v1/executions/{id}/bottlenecks',
  'GET /api/v1/executions/{id}/graph',
  'GET /api/v1/executions/{id}/waits',
  'GET /api/v1/executions/{id}/steps/{stepKey}',
  'GET /api/v1/executions/{id}/steps/{stepKey}/payloads/{sha256}',
  'GET /api/v1/executions/{id}/stream',
  'DELETE /api/v1/executions/{id}',
  'GET /api/v1/retention',
  'PUT /api/v1/retention',
  'GET /api/v1/alerts',
  'GET /api/v1/alerts/groups',
  'GET /api/v1/alerts/stream',
  'GET /api/v1/alerts/history',
  'GET /api/v1/alerts/{fingerprint}',
  'GET /api/v1/alerts/{fingerprint}/history',
  'GET /api/v1/alerts/{fingerprint}/explain',
  'POST /api/v1/alerts/explain',
  'POST /api/v1/alerts/acknowledge',
  'POST /api/v1/alerts/unacknowledge',
  'POST /api/v1/alerts/assign',
  'POST /api/v1/alerts/comment',
  'POST /api/v1/alerts/judge',
  'GET /api/v1/rules',
  'POST /api/v1/rules/reload',
  'POST /api/v1/rules/backtest',
  'GET /api/v1/rules/{id}',
  'GET /api/v1/silences',
  'POST /api/v1/silences',
  'POST /api/v1/silences/preview',
  'GET /api/v1/silences/{id}',
  'PUT /api/v1/silences/{id}',
  'DELETE /api/v1/silences/{id}',
  'GET /api/v1/receivers',
  'POST /api/v1/receivers/{name}/test',
  'POST /slack/actions',
  'GET /api/v1/notifications',
  'POST /api/v1/notifications/replay',
  'GET /api/v1/notifications/{id}',
  'GET /api/v1/routing',
  'POST /api/v1/imports',
  'GET /api/v1/imports',
  'GET /api/v1/imports/{id}',
  'GET /api/v1/operations',
  'GET /api/v1/operations/{id}',
  'POST /api/v1/operations/{id}/cancel',
  'GET /api/v1/dead-letters',
  'POST /api/v1/dead-letters/replay',
  'GET /api/v1/auth/keys',
  'POST /api/v1/auth/keys',
  'DELETE /api/v1/auth/keys/{prefix}',
  'GET /api/v1/session',
  'POST /api/v1/session',
  'DELETE /api/v1/session',
  'GET /api/v1/audit',
  'GET /api/v1/audit/verify',
  'POST /api/v1/demo',
  'POST /api/v1/admin/rebuild',
  'GET /healthz',
  'GET /readyz',
  'GET /api/v1/openapi.json',
];

const documentOf = async (response: Response): Promise<Document> => (await response.json()) as Document;

test('the document has every operation that is promised, and no other', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get('/api/v1/openapi.json');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { openapi, paths } = await documentOf(response);
  expect(openapi).toMatch(/^3\.1\./);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations.toSorted()).toEqual(promised.toSorted());
});

test('what the document has is mounted: each path takes the methods it says, and only those', async () => {
  await using gateway = await openGateway();
  const { paths } = await documentOf(await gateway.get('/api/v1/openapi.json'));
  for (const [path, item] of Object.entries(paths)) {
    const response = await gateway.get(path.replace('{id}', 'run-42'), { method: 'PATCH' });
    const allowed = response.headers
      .get('allow')
      ?.split(', ')
      .filter((method) => method !== 'HEAD');
    expect([response.status, path, allowed]).toEqual([405, path, Object.keys(item).map((method) => method.toUpperCase())]);
  }
});

test('each operation says what it answers, also when it refuses', async () => {
  await using gateway = await openGateway();
  const { paths, components } = await documentOf(await gateway.get('/api/v1/openapi.json'));
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { responses, operationId } of operations) {
    expect([operationId, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([operationId, true]);
    expect(responses['500']?.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  }
  expect(components.schemas.Execution?.required).toEqual(
    expect.arrayContaining(['id', 'namespace', 'status', 'stepCount', 'revision']),
  );
  expect(components.schemas.Execution?.required).not.toContain('finishedAtNs');
});

test('answers may grow fields, requests may not have any', async () => {
  await using gateway = await openGateway();
  const { schemas } = (await documentOf(await gateway.get('/api/v1/openapi.json'))).components;
  expect(schemas.Execution).not.toHaveProperty('additionalProperties');
  expect(schemas.Execution?.properties?.stepsByStatus).toMatchObject({ additionalProperties: { type: 'integer' } });
  expect(schemas.ReplayRequest?.additionalProperties).toBe(false);
});

test('every reference in the document leads somewhere', async () => {
  await using gateway = await openGateway();
  const text = await (await gateway.get('/api/v1/openapi.json')).text();
  const { components } = JSON.parse(text) as Document;
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(20);
  expect([...new Set(names)].filter((name) => !(name in components.schemas))).toEqual([]);
});
