import { openTestDatabase } from './open-core.ts';
import { rulesContract } from './rules.contract.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe('rules on PostgreSQL 18', () => rulesContract(() => openTestDatabase(url18)));
describe('rules on PostgreSQL 15', () => rulesContract(() => openTestDatabase(url15)));
