import { openDatabase, type Database } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { accessStoreContract } from './access-store.contract.ts';
import { auditRetentionContract } from './audit-retention.contract.ts';

describe.each(['TMWS_TEST_DATABASE_URL', 'TMWS_TEST_DATABASE_15_URL'])('access on the Postgres of %s', (name) => {
  let db: Database;
  beforeAll(async () => {
    const url = process.env[name];
    if (url === undefined) throw new Error(`${name} is not set; run this test with tools/test-servers.ts`);
    const [logger, metrics] = [openLogger('test', 'silent'), openMetrics()];
    db = await openDatabase({ url, dataDir: '', cacheDir: '', maxConnections: 4, logger, metrics });
  });
  afterAll(() => db.close());
  accessStoreContract(() => db);
  auditRetentionContract(() => db);
});
