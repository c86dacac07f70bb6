import { openTestDatabase } from './open-core.ts';
import { detectionContract } from './detection.contract.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '', TMWS_TEST_DATABASE_15_URL: url15 = '' } = process.env;

describe('rules of folders on PostgreSQL 18', () => detectionContract(() => openTestDatabase(url18)));
describe('rules of folders on PostgreSQL 15', () => detectionContract(() => openTestDatabase(url15)));
