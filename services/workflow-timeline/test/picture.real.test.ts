import { pictureContract } from './picture.contract.ts';

const {
  TMWS_TEST_KAFKA_BROKERS: brokers = '',
  TMWS_TEST_DATABASE_URL: url18 = '',
  TMWS_TEST_DATABASE_15_URL: url15 = '',
} = process.env;

describe('pictures of executions on Kafka and PostgreSQL 18', () => pictureContract(() => ({ brokers, databaseUrl: url18 })));
describe('pictures of executions on Kafka and PostgreSQL 15', () => pictureContract(() => ({ brokers, databaseUrl: url15 })));
