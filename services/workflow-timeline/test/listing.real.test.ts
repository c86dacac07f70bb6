import { listingContract } from './listing.contract.ts';

const {
  TMWS_TEST_KAFKA_BROKERS: brokers = '',
  TMWS_TEST_DATABASE_URL: url18 = '',
  TMWS_TEST_DATABASE_15_URL: url15 = '',
} = process.env;

describe('lists of executions on Kafka and PostgreSQL 18', () => listingContract(() => ({ brokers, databaseUrl: url18 })));
describe('lists of executions on Kafka and PostgreSQL 15', () => listingContract(() => ({ brokers, databaseUrl: url15 })));
