import { retentionContract } from './retention.contract.ts';

const { TMWS_TEST_KAFKA_BROKERS: brokers = '', TMWS_TEST_DATABASE_URL: databaseUrl = '' } = process.env;

describe('retention on Kafka and PostgreSQL 18', () => retentionContract(() => ({ brokers, databaseUrl })));
