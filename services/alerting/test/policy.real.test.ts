import { openTestDatabase } from './open-core.ts';
import { policyContract } from './policy.contract.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '' } = process.env;

describe('a policy on PostgreSQL 18', () => policyContract(() => openTestDatabase(url18)));
