import { containersOf, ofKind, podsOf } from '../../tools/charts/manifest.ts';
import { everyValuesFile, refusal, rendered, umbrella, valuesFile } from './rendered.ts';

const secretSettings = /(PASSWORD|TOKEN|SECRET|ADMIN_KEY|API_KEY|DATABASE_URL|REDIS_URL|WEBHOOK_URL|SMTP_URL)$/;

test.each(everyValuesFile)('%s gives a secret as a file or from a Secret, never as a text', async (_, options) => {
  const plain = podsOf(await rendered(options)).flatMap(({ title, pod }) =>
    containersOf(pod).flatMap(({ env = [] }) =>
      env.filter(({ name, value }) => secretSettings.test(name) && value !== undefined).map(({ name }) => `${title} ${name}`),
    ),
  );
  expect(plain).toEqual([]);
});

test('no password is a default: what is made is random and long', async () => {
  const options = { chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')] };
  const secret = async (helm: 4 | 3) =>
    ofKind(await rendered({ ...options, helm }), 'Secret').find(({ metadata }) => metadata.name === 'tmws-auth');
  const [one, other] = [await secret(4), await secret(3)];
  for (const key of ['admin-key', 'service-token']) {
    const text = Buffer.from(one?.data?.[key] ?? '', 'base64').toString();
    expect(text).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(other?.data?.[key]).not.toBe(one?.data?.[key]);
  }
});

test.each(everyValuesFile)('%s makes no Secret whose password anybody could guess', async (_, options) => {
  for (const { metadata, data = {}, stringData = {} } of ofKind(await rendered(options), 'Secret')) {
    const words = { ...stringData, ...Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)])) };
    for (const [key, word] of Object.entries(words).filter(([name]) => /password|key|token|url/.test(name))) {
      expect([metadata.name, key, /[A-Za-z0-9]{32}/.test(word)]).toEqual([metadata.name, key, true]);
    }
  }
});

test('secrets that are there are used, by the keys they have, and none is made', async () => {
  const objects = await umbrella('external-db');
  expect(ofKind(objects, 'Secret')).toEqual([]);
  const used = new Set(
    podsOf(objects).flatMap(({ pod }) =>
      (pod.volumes ?? []).flatMap(({ secret, projected }) => [
        ...(secret === undefined ? [] : [secret.secretName]),
        ...(projected?.sources ?? []).flatMap((source) => Object.values(source).flatMap(({ name }) => name ?? [])),
      ]),
    ),
  );
  expect([...used].toSorted()).toEqual(['alertmanager-config', 'kafka-ca', 'kafka-user', 'rds', 'tmws-auth']);
  expect(JSON.stringify(objects)).toContain('"key":"uri"');
  expect(JSON.stringify(objects)).toContain(
    '"secretKeyRef":{"key":"slack-webhook-url","name":"alerting-receivers","optional":true}',
  );
});

test('files given inline that may hold secrets are a Secret, and in no ConfigMap', async () => {
  const set = { 'alerting.config.alertmanager.files': { 'alertmanager.yml': 'route: {receiver: a-hidden-word}' } };
  const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
  const holders = objects.filter((object) => JSON.stringify(object).includes('a-hidden-word')).map(({ kind }) => kind);
  expect(holders).toEqual(['Secret']);
});

test('a change of those files replaces pods', async () => {
  const checksum = async (text: string) => {
    const set = { 'alerting.config.rules.files': { 'a.yml': text } };
    const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
    return ofKind(objects, 'Deployment').find(({ metadata }) => metadata.name === 'tmws-alerting')?.spec.template.metadata
      ?.annotations;
  };
  expect(await checksum('a: 1')).not.toEqual(await checksum('a: 2'));
  expect(await checksum('a: 1')).toEqual(await checksum('a: 1'));
});

describe('what nothing runs without is asked for, with the remedy', () => {
  test.each([
    [{}, 'global.kafka.brokers is empty: set it to host:port,host:port of your Kafka'],
    [{}, 'global.database.existingSecret is empty: kubectl create secret generic tmws-database'],
    [{ 'global.kafka.sasl.mechanism': 'plain' }, 'who signs in is needed too: global.kafka.sasl.username'],
    [{ 'gateway.env': { TMWS_ADMIN_KEY: 'x' } }, 'env.TMWS_ADMIN_KEY has a place of its own: set global.auth.existingSecret'],
    [{ 'alerting.env': { ALERTING_SMTP_URL: 'x' } }, 'env.ALERTING_SMTP_URL is a secret: put it into a Secret'],
    [{ 'gateway.terminationGracePeriodSeconds': 10 }, 'terminationGracePeriodSeconds (10) must be more than drain.delaySeconds'],
  ])('%j', async (set, said) => {
    const valuesFiles = Object.keys(set).length === 0 ? [] : [valuesFile('tmws', 'default')];
    for (const major of [4, 3] as const) expect(await refusal({ chart: 'tmws', helm: major, valuesFiles, set })).toContain(said);
  });
});

test('a service alone needs the secrets of its fleet', async () => {
  const set = { 'global.kafka.brokers': 'k:9092', 'global.database.existingSecret': 'd' };
  expect(await refusal({ chart: 'alerting', set })).toContain(
    'global.auth.existingSecret is empty: installed without charts/tmws',
  );
});
