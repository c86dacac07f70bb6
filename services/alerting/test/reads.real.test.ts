import { openTestDatabase } from './open-core.ts';
import { readsContract } from './reads.contract.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe("alerting's own API on PostgreSQL 18", () => readsContract(() => openTestDatabase(url18)));
describe("alerting's own API on PostgreSQL 15", () => readsContract(() => openTestDatabase(url15)));
