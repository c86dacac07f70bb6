import { deliveriesContract } from './deliveries.contract.ts';
import { openTestDatabase } from './open-core.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe('deliveries on PostgreSQL 18', () => deliveriesContract(() => openTestDatabase(url18)));
describe('deliveries on PostgreSQL 15', () => deliveriesContract(() => openTestDatabase(url15)));
