import { coreContract } from './core.contract.ts';
import { openTestDatabase } from './open-core.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe('alerting on PostgreSQL 18', () => coreContract(() => openTestDatabase(url18)));
describe('alerting on PostgreSQL 15', () => coreContract(() => openTestDatabase(url15)));
