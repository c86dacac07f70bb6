import { firstFailureContract } from './first-failure.contract.ts';

const {
  TMWS_TEST_KAFKA_BROKERS: brokers = '',
  TMWS_TEST_DATABASE_URL: url18 = '',
  TMWS_TEST_DATABASE_15_URL: url15 = '',
} = process.env;

describe('what failed first on Kafka and PostgreSQL 18', () => firstFailureContract(() => ({ brokers, databaseUrl: url18 })));
describe('what failed first on Kafka and PostgreSQL 15', () => firstFailureContract(() => ({ brokers, databaseUrl: url15 })));
