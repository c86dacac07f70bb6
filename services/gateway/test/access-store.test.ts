import { join } from 'node:path';
import { openDatabase, type Database } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { cacheDir, tempDir, type TempDir } from '@tmws/testkit';
import { accessStoreContract } from './access-store.contract.ts';
import { auditRetentionContract } from './audit-retention.contract.ts';

let dir: TempDir;
let db: Database;
beforeAll(async () => {
  dir = await tempDir('access');
  const [logger, metrics] = [openLogger('test', 'silent'), openMetrics()];
  db = await openDatabase({
    url: undefined,
    dataDir: join(dir.path, 'pg'),
    cacheDir: cacheDir(),
    maxConnections: 1,
    logger,
    metrics,
  });
});
afterAll(async () => {
  await db.close();
  await dir.remove();
});

describe('access on the embedded database', () => accessStoreContract(() => db));
describe('retention of the audit on the embedded database', () => auditRetentionContract(() => db));
