// The embedded log's Kafka door, before a door with keys in memory.
import { type Credential, guardedDoor, openAuthenticator, type Principal, scopesOfRole, type SecurityFact } from '@tmws/auth';
import { openBroker } from '@tmws/kafka-wire';
import { openLog } from '@tmws/log';
import { openLogger } from '@tmws/telemetry';
import { tempDir } from '@tmws/testkit';
import kafkajs, { type IHeaders, type Kafka, type Producer } from 'kafkajs';
import { kafkaAccess, kafkaNeeds } from '../src/kafka-access.ts';

const serviceToken = 'the token of the service, long enough';
const by = 'key' as const;
const keys = new Map<string, Principal>([
  ['team-a', { name: 'ci', scopes: scopesOfRole.editor, namespaces: ['team-a'], by, credential: 'k1' }],
  ['viewer', { name: 'look', scopes: scopesOfRole.viewer, namespaces: '*', by, credential: 'k2' }],
  ['writer', { name: 'push', scopes: ['write'], namespaces: '*', by, credential: 'k3' }],
  ['admin', { name: 'root', scopes: scopesOfRole.admin, namespaces: '*', by, credential: 'k4' }],
  ['ending', { name: 'brief', scopes: scopesOfRole.admin, namespaces: '*', by, credential: 'k5' }],
]);

async function open() {
  const dir = await tempDir('kafka-access');
  const logger = openLogger('test', 'silent');
  const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0, logger });
  for (const name of ['tmws.workflow', 'tmws.security', 'tmws.workflow.dlq', 'other'])
    await log.createTopic(name, { partitions: 1 });
  const facts: SecurityFact[] = [];
  const verify = (credential: Credential) => {
    const principal = keys.get(credential.secret);
    return Promise.resolve(principal === undefined ? { refused: 'there is no such key' } : { principal });
  };
  const authenticator = openAuthenticator(verify, { clock: () => 0 });
  const record = (fact: SecurityFact): Promise<void> => Promise.resolve(void facts.push(fact));
  const door = guardedDoor({ verify: authenticator.verify, record, clock: () => 0 });
  const broker = await openBroker({ log, logger, access: kafkaAccess({ door: () => door, serviceToken }) });
  const client = (password: string): Kafka =>
    new kafkajs.Kafka({
      brokers: [`127.0.0.1:${broker.port}`],
      sasl: { mechanism: 'plain', username: 'anybody', password },
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 0 },
    });
  const producers = new Map<string, Producer>();
  return {
    log,
    facts,
    brokers: [`127.0.0.1:${broker.port}`],
    client,
    authenticator,
    async send(secret: string, topic: string, headers: IHeaders, value = '{}', compression = kafkajs.CompressionTypes.None) {
      const producer = producers.get(secret) ?? client(secret).producer();
      if (!producers.has(secret)) await producer.connect();
      producers.set(secret, producer);
      await producer.send({ topic, messages: [{ value, headers }], compression });
    },
    async close() {
      await Promise.all([...producers.values()].map((producer) => producer.disconnect()));
      await broker.close();
      await log.close();
      await dir.remove();
    },
  };
}

let kafka: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  kafka = await open();
});
afterAll(() => kafka.close());

const event = (namespace?: string, type = 'tmws.step.started') => ({
  ce_specversion: '1.0',
  ce_id: '1',
  ce_source: '/test',
  ce_type: type,
  'content-type': 'application/json',
  ...(namespace !== undefined && { ce_tmwsnamespace: namespace }),
});
const end = (topic: string): number => kafka.log.partition(topic, 0)?.endOffset ?? -1;
const structured = (namespace: string) =>
  JSON.stringify({ specversion: '1.0', id: '1', source: '/test', type: 'tmws.step.started', tmwsnamespace: namespace, data: {} });
const asStructured = { 'content-type': 'application/cloudevents+json' };

test('a key of one namespace sends events of it, plain or compressed, binary or structured', async () => {
  const before = end('tmws.workflow');
  await kafka.send('team-a', 'tmws.workflow', event('team-a'));
  await kafka.send('team-a', 'tmws.workflow', event('team-a'), '{}', kafkajs.CompressionTypes.GZIP);
  await kafka.send('team-a', 'tmws.workflow', asStructured, structured('team-a'));
  expect(end('tmws.workflow')).toBe(before + 3);
  expect(kafka.facts).toContainEqual(
    expect.objectContaining({ type: 'tmws.auth.succeeded', principal: 'ci', namespace: 'team-a' }),
  );
});

test.each([
  ['of another namespace', event('team-b'), '{}'],
  ['that say no namespace, which is default', event(), '{}'],
  ['of another namespace in JSON', asStructured, structured('team-b')],
  ['whose namespace stands twice', { ...event(), ce_tmwsnamespace: ['team-a', 'team-b'] }, '{}'],
  ['that are no events', { 'content-type': 'text/plain' }, 'hello'],
  ['that only TMWS tells', event('team-a', 'tmws.auth.failed'), '{}'],
])('a key of one namespace cannot send records %s', async (_what, headers, value) => {
  const before = end('tmws.workflow');
  for (const compression of [kafkajs.CompressionTypes.None, kafkajs.CompressionTypes.GZIP])
    await expect(kafka.send('team-a', 'tmws.workflow', headers, value, compression)).rejects.toMatchObject({
      type: 'TOPIC_AUTHORIZATION_FAILED',
    });
  expect(end('tmws.workflow')).toBe(before);
});

test('what a key may not is in the audit, with the topic and the namespace', async () => {
  await expect(kafka.send('team-a', 'tmws.workflow', event('team-z'))).rejects.toThrow();
  expect(kafka.facts).toContainEqual(
    expect.objectContaining({
      type: 'tmws.permission.denied',
      principal: 'ci',
      namespace: 'team-z',
      source: expect.objectContaining({ ip: '127.0.0.1', method: 'kafka/Produce', resource: 'tmws.workflow' }) as unknown,
    }),
  );
});

test('a wrong password is refused, and that is in the audit without the password', async () => {
  await expect(kafka.client('wrong password').producer().connect()).rejects.toThrow('the credential is not good here');
  const [fact] = kafka.facts.filter(({ type }) => type === 'tmws.auth.failed');
  expect(fact).toMatchObject({
    principal: 'anybody',
    reason: 'there is no such key',
    source: { method: 'kafka/SaslAuthenticate' },
  });
  expect(JSON.stringify(kafka.facts)).not.toContain('wrong password');
});

test('who asks for something without sign-in is turned away, and that is in the audit', async () => {
  const { brokers } = kafka;
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 }, clientId: 'stranger' });
  const admin = client.admin();
  await expect(admin.connect().then(() => admin.listTopics())).rejects.toThrow();
  await admin.disconnect();
  const source: unknown = expect.objectContaining({ method: 'kafka/Metadata', userAgent: 'stranger' });
  expect(kafka.facts).toContainEqual(expect.objectContaining({ type: 'tmws.auth.failed', reason: 'no credential', source }));
});

async function read(secret: string, topic: string, groupId: string): Promise<number> {
  const admin = kafka.client(secret).admin();
  await admin.connect();
  try {
    const [offsets] = await admin.fetchTopicOffsets(topic);
    await admin.fetchOffsets({ groupId, topics: [topic] });
    return Number(offsets?.high);
  } finally {
    await admin.disconnect();
  }
}

test('reading the log takes all namespaces; the audit and dead letters take an admin, and so do the groups of the fleet', async () => {
  expect(await read('viewer', 'tmws.workflow', 'mine')).toBe(end('tmws.workflow'));
  expect(await read('admin', 'tmws.security', 'tmws-alerting')).toBe(0);
  for (const [secret, topic, group] of [
    ['team-a', 'tmws.workflow', 'mine'],
    ['writer', 'tmws.workflow', 'mine'],
    ['viewer', 'tmws.security', 'mine'],
    ['viewer', 'tmws.workflow.dlq', 'mine'],
    ['viewer', 'tmws.workflow', 'tmws-workflow-timeline'],
  ] as const)
    await expect(read(secret, topic, group)).rejects.toThrow(/authorized/i);
});

test('a key of all namespaces writes what it likes, but not dead letters, nor what only TMWS tells', async () => {
  await kafka.send('writer', 'tmws.workflow', event('anything'));
  await kafka.send('writer', 'other', {}, 'no event');
  for (const [topic, headers] of [
    ['tmws.workflow.dlq', event('a')],
    ['tmws.security', event('a', 'tmws.auth.failed')],
  ] as const)
    await expect(kafka.send('writer', topic, headers)).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
  await expect(kafka.send('team-a', 'other', event('team-a'))).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
});

test('a connection whose key was revoked does nothing more', async () => {
  await kafka.send('ending', 'tmws.workflow', event('a'));
  const before = end('tmws.workflow');
  keys.delete('ending');
  kafka.authenticator.forget();
  await expect(kafka.send('ending', 'tmws.workflow', event('a'))).rejects.toThrow();
  expect(end('tmws.workflow')).toBe(before);
});

test('the service token opens everything and is no sign-in', async () => {
  const before = kafka.facts.length;
  await kafka.send(serviceToken, 'tmws.security', event('a', 'tmws.auth.failed'));
  await kafka.send(serviceToken, 'tmws.workflow.dlq', {}, 'x');
  expect(kafka.facts.length).toBe(before);
});

test('changing topics takes an admin of everything, and is in the audit before it is done', async () => {
  const admin = kafka.client('admin').admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'made-by-hand' }] });
  await admin.deleteTopics({ topics: ['made-by-hand'] });
  await admin.disconnect();
  const acts = kafka.facts.filter(({ type }) => type === 'tmws.admin.acted');
  expect(acts.map(({ reason, source: { resource } }) => [reason, resource])).toEqual([
    ['CreateTopics', 'made-by-hand'],
    ['DeleteTopics', 'made-by-hand'],
  ]);
  expect(kafkaNeeds({ operation: 'admin', topic: 'tmws.workflow' })).toEqual({ scope: 'admin', everyNamespace: true });
  expect(kafkaNeeds({ operation: 'write' })).toEqual({ scope: 'write', everyNamespace: false });
});
