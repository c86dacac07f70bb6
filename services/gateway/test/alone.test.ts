import { join } from 'node:path';
import { startProcess } from '@tmws/testkit';

const start = (env: NodeJS.ProcessEnv) =>
  startProcess([join(import.meta.dirname, '../src/main.ts')], {
    until: /tmws ready/,
    env: { TMWS_HTTP_PORT: '0', TMWS_ADMIN_PORT: '0', ...env },
  });

test('a gateway of its own says which servers it needs: with sign-in the database that all of its replicas share', async () => {
  await expect(start({})).rejects.toThrow(
    'gateway on its own needs TMWS_KAFKA_BROKERS; the fleet in one process needs no server',
  );
  await expect(start({ TMWS_AUTH: 'on', TMWS_KAFKA_BROKERS: '127.0.0.1:9' })).rejects.toThrow(
    'gateway on its own needs TMWS_KAFKA_BROKERS and TMWS_DATABASE_URL',
  );
});
