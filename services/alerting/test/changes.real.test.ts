import { changesContract } from './changes.contract.ts';
import { openTestDatabase } from './open-core.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '' } = process.env;

describe('changes to alerts on PostgreSQL 18', () => changesContract(() => openTestDatabase(url18)));
