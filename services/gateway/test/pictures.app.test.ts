import { Problem } from '@tmws/problems';
import { columns, columnsType } from '../src/inbound/schemas/columns.ts';
import { startNs } from './fake-timeline.ts';
import { type Gateway, openGateway } from './open-gateway.ts';

const path = '/api/v1/executions/run-42/timeline';
const asColumns = { accept: columnsType };
const columnsOf = (gateway: Gateway, query = '', headers: Record<string, string> = {}): Promise<Response> =>
  gateway.get(`${path}${query}`, { headers: { ...asColumns, ...headers } });

test('columns are answered just as the document describes them', async () => {
  await using gateway = await openGateway();
  const response = await columnsOf(gateway);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(columnsType);
  const body = (await response.json()) as { bars: Record<string, unknown>; rows: object };
  expect(columns.parse(body)).toEqual(body);
  expect(body.bars).toMatchObject({
    count: 3,
    at: [0, 70_000, -3],
    end: [5_000_000_000, 4, null],
    queued: [1, null, null],
    critical: [1, 0, 1],
  });
  expect(body.rows).not.toHaveProperty('keys');
  expect(body).toMatchObject({
    startNs: '1772366400000000000',
    unitNs: '1000000',
    templates: ['plan', ['step-', 3, '']],
    types: [
      [0, -1, 0],
      [1, -1, 0],
    ],
    places: [['w-1', 'p']],
    paths: [['a', 'b']],
    execution: { id: 'run-42', revision: '0' },
    usage: { count: 1, bar: [2], cpu: [70_000], memory: [12], tokens: [9], cost: [5_000_000_000] },
  });
});

test('rows are answered to who does not ask for columns, and caches are told of the difference', async () => {
  await using gateway = await openGateway();
  for (const accept of ['*/*', 'application/json', `application/json, ${columnsType};q=0.5`, 'text/html']) {
    const response = await gateway.get(path, { headers: { accept } });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('vary')?.toLowerCase()).toContain('accept');
  }
});

test('keys are given when asked for: 32 hex digits, or 16 of a step that a span told of', async () => {
  await using gateway = await openGateway();
  const { rows } = (await (await columnsOf(gateway, '?keys=1')).json()) as { rows: { keys: string[] } };
  expect(rows.keys).toEqual(['000102030405060708090a0b0c0d0e0f', '1011121314151617']);
});

test('window and pixels go to the service', async () => {
  await using gateway = await openGateway();
  await columnsOf(gateway, '?from=2026-03-01T12:00:00Z&to=2026-03-01T12:00:01Z&px=800');
  expect(gateway.timeline.heard[0]!.request).toMatchObject({
    id: 'run-42',
    fromNs: startNs,
    toNs: startNs + 1_000_000_000n,
    px: 800,
    keys: false,
  });
});

test('what the client has already is not sent again: 304 by its tag, of these parameters only', async () => {
  await using gateway = await openGateway();
  const first = await columnsOf(gateway, '?px=100');
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  const etag = first.headers.get('etag')!;
  const again = await columnsOf(gateway, '?px=100', { 'if-none-match': `"other", ${etag}` });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  expect((await columnsOf(gateway, '?px=101', { 'if-none-match': etag })).status).toBe(200);
  expect((await columnsOf(gateway, '?px=100', { 'if-none-match': '"' })).status).toBe(200);
});

test('what may change by time alone has no tag and is not stored', async () => {
  await using gateway = await openGateway();
  const { getColumns } = gateway.timeline.pictures;
  gateway.timeline.pictures.getColumns = async (request, call) => ({ ...(await getColumns(request, call)), tag: '' });
  const { headers } = await columnsOf(gateway);
  expect([headers.get('etag'), headers.get('cache-control')]).toEqual([null, 'no-store']);
});

test('columns go out compressed, but not to who does not take that', async () => {
  await using gateway = await openGateway();
  expect((await columnsOf(gateway)).headers.get('content-encoding')).toBe('gzip');
  const plain = await columnsOf(gateway, '', { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBe(null);
  expect(plain.headers.get('vary')).toMatch(/accept-encoding/i);
});

test('a picture is an SVG that may load and run nothing', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${path}.svg?width=800&theme=dark&from=2026-03-01T12:00:00Z`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*sandbox$/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(gateway.timeline.heard[0]!.request).toMatchObject({ width: 800, theme: 'dark', fromNs: startNs });
  const etag = response.headers.get('etag')!;
  const again = await gateway.get(`${path}.svg?width=800&theme=dark&from=2026-03-01T12:00:00Z`, {
    headers: { 'if-none-match': etag },
  });
  expect(again.status).toBe(304);
});

test.each([
  ['?px=0', 'px', 'px must be a whole number from 1 to 10000 (got "0")'],
  ['?px=-1', 'px', 'px must be a whole number from 1 to 10000 (got "-1")'],
  ['?px=1000000000', 'px', 'px must be a whole number from 1 to 10000 (got "1000000000")'],
  ['?px=1e3', 'px', 'px must be a whole number from 1 to 10000 (got "1e3")'],
  ['?px=1&px=2', 'px', 'px must be a whole number from 1 to 10000'],
  ['?keys=yes', 'keys', 'keys must be 0 or 1 (got "yes")'],
  ['?from=2026-03-01T12:00:01Z&to=2026-03-01T12:00:00Z', 'from', 'from must lie before to (got "2026-03-01T12:00:01Z")'],
  ['?from=2026-03-01T12:00:00Z&to=2026-03-01T12:00:00Z', 'from', 'from must lie before to'],
  ['?width=800', 'width', 'there is no parameter "width" here; from, to, px, keys and namespace are taken'],
])('columns with %s are refused by name', async (query, field, detail) => {
  await using gateway = await openGateway();
  const response = await columnsOf(gateway, query);
  expect(response.status).toBe(400);
  const problem = await gateway.problem(response);
  expect(problem.field).toBe(field);
  expect(problem.detail).toContain(detail);
});

test('rows have no pixels: who asks for them is told to ask for columns', async () => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${path}?px=800`);
  expect(response.status).toBe(400);
  expect(await gateway.problem(response)).toMatchObject({
    field: 'px',
    detail: `px is taken of columns only: ask with Accept: ${columnsType}`,
  });
});

test.each([
  ['?width=319', 'width', 'width must be a whole number from 320 to 10000 (got "319")'],
  ['?width=10001', 'width', 'width must be a whole number from 320 to 10000 (got "10001")'],
  ['?theme=blue', 'theme', 'theme must be one of light, dark, contrast (got "blue")'],
  ['?to=soon', 'to', 'to must be an RFC 3339 time'],
  ['?px=5', 'px', 'there is no parameter "px" here; from, to, width, theme and namespace are taken'],
])('a picture with %s is refused by name', async (query, field, detail) => {
  await using gateway = await openGateway();
  const response = await gateway.get(`${path}.svg${query}`);
  expect(response.status).toBe(400);
  const problem = await gateway.problem(response);
  expect(problem.field).toBe(field);
  expect(problem.detail).toContain(detail);
});

test('a picture of an execution that is not there is 404, one of a service that is away 503', async () => {
  await using gateway = await openGateway();
  expect((await gateway.get('/api/v1/executions/nope/timeline.svg')).status).toBe(404);
  gateway.timeline.pictures.getSvg = () => Promise.reject(new Problem('unavailable', 'Postgres is away'));
  const response = await gateway.get(`${path}.svg`);
  expect([response.status, (await gateway.problem(response)).detail]).toEqual([503, 'Postgres is away']);
});
