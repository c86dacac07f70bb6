import { callerOf, openHttpServer } from '@tmws/http';
import { Problem, type ProblemDocument } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { openServer } from './open-server.ts';

const documentOf = async (response: Response): Promise<ProblemDocument> => (await response.json()) as ProblemDocument;

test('every answer has a request id: the one sent if it is a plain word, else a new one', async () => {
  await using opened = await openServer((router) => router.get('/', (_request, response) => void response.json({})));
  const idOf = async (headers: Record<string, string>) => (await fetch(opened.url, { headers })).headers.get('x-request-id');
  expect(await idOf({ 'x-request-id': 'mine-1' })).toBe('mine-1');
  expect(await idOf({ 'x-request-id': '<script>' })).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf({})).toMatch(/^[0-9a-f-]{36}$/);
});

test('a problem is problem+json with its kind, field and wait', async () => {
  await using opened = await openServer((router) =>
    router.get('/x', () => {
      throw new Problem('limited', 'too many', { field: 'limit', retryAfterMs: 1500 });
    }),
  );
  const response = await fetch(`${opened.url}/x?a=1`, { headers: { 'x-request-id': 'r1' } });
  expect(response.status).toBe(429);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await documentOf(response)).toEqual({
    type: 'urn:tmws:problem:limited',
    title: 'Too many requests',
    status: 429,
    detail: 'too many',
    kind: 'limited',
    field: 'limit',
    instance: '/x',
    requestId: 'r1',
  });
});

test('an unknown error leaves as a fixed sentence, and the log has the rest', async () => {
  await using opened = await openServer((router) =>
    router.get('/', () => Promise.reject(new Error('connect postgres://u:hunter2@db'))),
  );
  const response = await fetch(opened.url);
  expect(response.status).toBe(500);
  expect((await documentOf(response)).detail).toBe('Something went wrong on our side; the log has the details.');
  expect(opened.lines.join('')).toContain('a request failed');
});

test('a path nobody has is 404, and one that cannot be decoded is 400', async () => {
  await using opened = await openServer((router) => router.get('/x/:id', (_request, response) => void response.json({})));
  expect((await fetch(`${opened.url}/nope`)).status).toBe(404);
  const malformed = await fetch(`${opened.url}/x/%E0%A4%A`);
  expect(malformed.status).toBe(400);
  expect((await documentOf(malformed)).kind).toBe('invalid');
});

test('a browser gets a content security policy and no word of CORS', async () => {
  await using opened = await openServer((router) => router.get('/', (_request, response) => void response.json({})));
  const { headers } = await fetch(opened.url);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test.each([
  ['its own page', (port: number) => ({ origin: `http://127.0.0.1:${port}` }), 200],
  ['another site', () => ({ origin: 'https://evil.example' }), 403],
  ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
  ['a sandboxed page', () => ({ origin: 'null' }), 403],
  ['a name that was made to point here', () => ({ host: 'evil.example' }), 403],
  ['localhost', (port: number) => ({ host: `localhost:${port}` }), 200],
] as const)('a request of %s is answered with its right', async (_who, headersOf, status) => {
  await using opened = await openServer((router) => router.post('/', (_request, response) => void response.json({})));
  const headers: Record<string, string> = { host: `127.0.0.1:${opened.port}`, ...headersOf(opened.port) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await opened.raw(`POST / HTTP/1.1\r\n${lines.join('')}content-length: 0\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test.each([
  ['the header beats the query', { 'x-tmws-namespace': 'team-a' }, '?namespace=team-b', 'team-a'],
  ['the query counts without a header', {}, '?namespace=team-b', 'team-b'],
  ['nothing said is default', {}, '', 'default'],
])('%s', async (_name, headers, query, namespace) => {
  await using opened = await openServer((router) =>
    router.get('/', (request, response) => void response.json(callerOf(request, response))),
  );
  const response = await fetch(`${opened.url}/${query}`, { headers: headers as Record<string, string> });
  expect(await response.json()).toMatchObject({ namespace, principal: 'anonymous' });
});

test.each([
  ['a namespace with other characters', '?namespace=Team_A', 'query namespace must be 1 to 63 characters'],
  ['two namespaces', '?namespace=a&namespace=b', 'query namespace must be given once'],
])('%s is refused', async (_name, query, message) => {
  await using opened = await openServer((router) =>
    router.get('/', (request, response) => void response.json(callerOf(request, response))),
  );
  const response = await fetch(`${opened.url}/${query}`);
  expect(response.status).toBe(400);
  expect(await documentOf(response)).toMatchObject({ field: 'namespace', detail: expect.stringContaining(message) as string });
});

test('a port in use is one sentence', async () => {
  await using opened = await openServer(() => undefined);
  const options = { host: '127.0.0.1', port: opened.port, logger: openLogger('test', 'silent'), metrics: openMetrics() };
  await expect(openHttpServer(options).listen()).rejects.toThrow(
    `HTTP cannot listen on 127.0.0.1:${opened.port}: the port is in use by another process`,
  );
});
