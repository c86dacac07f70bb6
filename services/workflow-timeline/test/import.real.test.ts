import { importContract } from './import.contract.ts';

const {
  TMWS_TEST_KAFKA_BROKERS: brokers = '',
  TMWS_TEST_DATABASE_URL: url18 = '',
  TMWS_TEST_DATABASE_15_URL: url15 = '',
} = process.env;

describe('imports on Kafka and PostgreSQL 18', () => importContract(() => ({ brokers, databaseUrl: url18 })));
describe('imports on Kafka and PostgreSQL 15', () => importContract(() => ({ brokers, databaseUrl: url15 })));
