import { historyRetentionContract } from './history-retention.contract.ts';
import { openTestDatabase } from './open-core.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe('retention of alerting on PostgreSQL 18', () => historyRetentionContract(() => openTestDatabase(url18)));
describe('retention of alerting on PostgreSQL 15', () => historyRetentionContract(() => openTestDatabase(url15)));
