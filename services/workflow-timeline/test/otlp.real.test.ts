import { otlpContract } from './otlp.contract.ts';

const { TMWS_TEST_KAFKA_BROKERS: brokers = '', TMWS_TEST_DATABASE_URL: databaseUrl = '' } = process.env;

describe('OTLP on Kafka and PostgreSQL', () => otlpContract(() => ({ brokers, databaseUrl })));
