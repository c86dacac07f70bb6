import { startFakeElasticsearch } from './fake-elasticsearch.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { doc, docAlert, notification } from './sent-notification.ts';

const { id } = notification();
const fingerprintOf = (n: number): string => String(n).padStart(16, '0');
const idOf = (n: number): string => `${id}-${fingerprintOf(n)}`;
const group = (size: number, annotations: Record<string, string> = {}) =>
  notification(
    doc({
      alerts: Array.from({ length: size }, (_, n) =>
        docAlert({ alertname: 'Down', n: String(n) }, { fingerprint: fingerprintOf(n), annotations }),
      ),
    }),
  );
const index = 'index: "alerts-%{yyyy.MM.dd}"';

test('Elasticsearch gets a document of ECS for each alert, in the index of its day, under an id that stays', async () => {
  await using elastic = await startFakeElasticsearch();
  using receiver = await openMoreReceiver(
    `elasticsearch_configs: [{url: "${elastic.url}/es/", ${index}, pipeline: geo, api_key: "aWQ6a2V5"}]`,
  );
  const alerts = [
    docAlert({ alertname: 'FailedSignIns', user: 'ann', source_ip: 'not an address', 'a.b': '1', a_b: '2' }),
    docAlert({ alertname: 'Down', source_ip: '2001:db8::7' }, { fingerprint: 'fedcba9876543210' }),
  ];
  expect(await receiver.sink('elasticsearch/0')(notification(doc({ alerts })))).toEqual({
    sent: true,
    receipt: `2 created in alerts-2026.11.22: ${id}-0123456789abcdef, ${id}-fedcba9876543210`,
  });
  expect([elastic.requests, elastic.authorizations]).toEqual([['/es/_bulk?pipeline=geo 2'], ['ApiKey aWQ6a2V5']]);
  expect(elastic.documents.get(`alerts-2026.11.22/${id}-0123456789abcdef`)).toMatchObject({
    event: { kind: 'alert', category: ['authentication'] },
    source: { address: 'not an address' },
    labels: { a_b: '1', a_b_: '2' },
  });
  expect(elastic.documents.get(`alerts-2026.11.22/${id}-fedcba9876543210`)).toMatchObject({ source: { ip: '2001:db8::7' } });
});

test.each([
  ['api_key: "id:key"', 'ApiKey aWQ6a2V5'],
  ['http_config: {basic_auth: {username: ann, password: pw}}', 'Basic YW5uOnB3'],
])('with %s Elasticsearch is told who asks', async (auth, expected) => {
  await using elastic = await startFakeElasticsearch();
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", index: alerts, ${auth}}]`);
  await receiver.sink('elasticsearch/0')(notification());
  expect(elastic.authorizations).toEqual([expected]);
});

test('a message whose answer was lost is there once', async () => {
  await using elastic = await startFakeElasticsearch();
  elastic.next('lost');
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  const send = receiver.sink('elasticsearch/0');
  expect(await send(group(3))).toMatchObject({ sent: false, permanent: false });
  expect(await send({ ...group(3), attempts: 2 })).toMatchObject({ sent: true });
  expect([...elastic.documents.keys()]).toEqual([0, 1, 2].map((n) => `alerts-2026.11.22/${idOf(n)}`));
});

test('of a 200 that hides failures, only what was refused for the moment is sent again', async () => {
  await using elastic = await startFakeElasticsearch();
  const busy = { status: 429, type: 'es_rejected_execution_exception', reason: 'queue capacity' };
  elastic.nextOf(idOf(1), busy);
  elastic.nextOf(idOf(2), { status: 503, type: 'unavailable_shards_exception', reason: 'primary shard is not active' });
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  const send = receiver.sink('elasticsearch/0');
  const first = await send(group(4));
  expect(first).toMatchObject({
    ...{ sent: false, permanent: false },
    error:
      `Elasticsearch could not take 2 of 4 alerts yet: ${fingerprintOf(1)}: 429 es_rejected_execution_exception: queue capacity; ` +
      `${fingerprintOf(2)}: 503 unavailable_shards_exception: primary shard is not active`,
  });
  const progress = first.sent ? '' : (first.progress ?? '');
  expect(await send({ ...group(4), attempts: 2, progress })).toMatchObject({ sent: true });
  expect([elastic.requests, elastic.documents.size]).toEqual([['/_bulk 4', '/_bulk 2'], 4]);
});

test('an alert that is refused for good is named, once the others are there', async () => {
  await using elastic = await startFakeElasticsearch();
  elastic.nextOf(idOf(0), { status: 400, type: 'document_parsing_exception', reason: 'failed to parse field [source.port]' });
  elastic.nextOf(idOf(1), { status: 429, type: 'es_rejected_execution_exception', reason: 'queue capacity' });
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  const send = receiver.sink('elasticsearch/0');
  const first = await send(group(3));
  expect(first).toMatchObject({ sent: false, permanent: false });
  const progress = first.sent ? '' : (first.progress ?? '');
  expect(await send({ ...group(3), attempts: 2, progress })).toMatchObject({
    ...{ sent: false, permanent: true },
    error:
      `Elasticsearch refused 1 of 3 alerts, the others are there: ${fingerprintOf(0)}: ` +
      '400 document_parsing_exception: failed to parse field [source.port]',
  });
  expect([elastic.requests, elastic.documents.size]).toEqual([['/_bulk 3', '/_bulk 1'], 2]);
});

test('a request that is too large is halved until it is taken, and an alert too large by itself is refused alone', async () => {
  await using elastic = await startFakeElasticsearch({ mostBytes: 5000 });
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  expect(await receiver.sink('elasticsearch/0')(group(10))).toMatchObject({ sent: true });
  expect([elastic.documents.size, elastic.requests.length > 2]).toEqual([10, true]);
  const large = { ...group(1, { text: 'x'.repeat(6000) }), id: '1b7f9a54-6f0e-4b8f-9d7c-1f2e3d4c5b6a' };
  expect(await receiver.sink('elasticsearch/0')(large)).toMatchObject({
    ...{ sent: false, permanent: true, error: expect.stringContaining('413 it is larger than the server takes') as unknown },
  });
});

test('more failures than are read of an answer are asked for in smaller requests', async () => {
  await using elastic = await startFakeElasticsearch();
  const reason = `failed to parse field ${'x'.repeat(4000)}`;
  for (let n = 0; n < 50; n++) elastic.nextOf(idOf(n), { status: 429, type: 'busy', reason });
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  expect(await receiver.sink('elasticsearch/0')(group(120))).toMatchObject({ sent: true });
  expect(elastic.documents.size).toBe(120);
});

test.each([
  [
    429,
    '',
    { 'retry-after': '5' },
    { permanent: false, retryAfterMs: 5000, error: 'Elasticsearch answered 429 Too Many Requests' },
  ],
  [503, '', {}, { permanent: false, error: 'Elasticsearch answered 503 Service Unavailable' }],
  [
    401,
    '{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}',
    {},
    { permanent: true, error: 'Elasticsearch answered 401 Unauthorized: security_exception: unable to authenticate' },
  ],
  [404, '{"error":"no handler"}', {}, { permanent: true, error: 'Elasticsearch answered 404 Not Found: no handler' }],
  [200, 'It works!', {}, { permanent: false, error: expect.stringContaining('is not what _bulk answers') as unknown }],
])('an Elasticsearch that answers %i to all of it is asked again if that may help', async (status, body, headers, expected) => {
  await using elastic = await startFakeElasticsearch();
  elastic.next({ status, body, headers });
  using receiver = await openMoreReceiver(`elasticsearch_configs: [{url: "${elastic.url}", ${index}}]`);
  expect(await receiver.sink('elasticsearch/0')(notification())).toMatchObject({ sent: false, ...expected });
});

test.each([
  ['index: Alerts', 'must be in small letters'],
  ['index: "alerts-%{YYYY}"', '%{YYYY} must be made of yyyy, MM, dd'],
  ['index: a, api_key: k, http_config: {bearer_token: x}', 'cannot both be set'],
  ['pipeline: geo', 'needs index'],
])('a file with %s is refused', async (config, error) => {
  await expect(openMoreReceiver(`elasticsearch_configs: [{url: "http://es:9200", ${config}}]`)).rejects.toThrow(error);
});
