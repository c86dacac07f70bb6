import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { loadHostConfig } from './host-config.ts';
import { kafkaAccess } from './kafka-access.ts';

const brokers = { TMWS_KAFKA_BROKERS: 'kafka.example:9093' };
const access = (env: NodeJS.ProcessEnv) => kafkaAccess(loadHostConfig('gateway', env));

test('a Kafka is spoken to as it is, unless settings say how it is signed in to and who vouches for it', async () => {
  await using dir = await tempDir('kafka-access');
  const ca = join(dir.path, 'ca.pem');
  await writeFile(ca, 'certificates');
  expect(await access({})).toEqual({});
  expect(await access(brokers)).toEqual({});
  expect(await access({ ...brokers, TMWS_KAFKA_TLS: 'on' })).toEqual({ tls: {} });
  const scram = { TMWS_KAFKA_SASL: 'scram-sha-512', TMWS_KAFKA_USERNAME: 'tmws', TMWS_KAFKA_PASSWORD: 'word' };
  expect(await access({ ...brokers, ...scram, TMWS_KAFKA_TLS: 'on', TMWS_KAFKA_CA_FILE: ca })).toEqual({
    signIn: { mechanism: 'scram-sha-512', username: 'tmws', password: 'word' },
    tls: { ca: 'certificates' },
  });
});

test.each([
  [{ TMWS_KAFKA_TLS: 'on' }, 'set TMWS_KAFKA_BROKERS too'],
  [{ ...brokers, TMWS_KAFKA_SASL: 'plain', TMWS_KAFKA_USERNAME: 'tmws' }, 'set TMWS_KAFKA_USERNAME and TMWS_KAFKA_PASSWORD_FILE'],
  [{ ...brokers, TMWS_KAFKA_PASSWORD: 'hunter2' }, 'TMWS_KAFKA_SASL is none: set it to plain'],
  [{ ...brokers, TMWS_KAFKA_CA_FILE: '/ca.pem' }, 'TMWS_KAFKA_CA_FILE is set and TMWS_KAFKA_TLS is off'],
  [
    { ...brokers, TMWS_KAFKA_TLS: 'on', TMWS_KAFKA_CERT_FILE: '/cert.pem' },
    'TMWS_KAFKA_CERT_FILE and TMWS_KAFKA_KEY_FILE belong together',
  ],
  [
    { ...brokers, TMWS_KAFKA_TLS: 'on', TMWS_KAFKA_CA_FILE: '/no/such/ca.pem' },
    'TMWS_KAFKA_CA_FILE: "/no/such/ca.pem" cannot be read (ENOENT)',
  ],
])('settings that do not go together are refused by name: %j', async (env, expected) => {
  await expect(access(env)).rejects.toThrow(expected);
  await expect(access(env)).rejects.not.toThrow('hunter2');
});
