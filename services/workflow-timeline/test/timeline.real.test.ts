import { answersContract } from './answers.contract.ts';
import { timelineContract } from './timeline.contract.ts';

const {
  TMWS_TEST_KAFKA_BROKERS: brokers = '',
  TMWS_TEST_DATABASE_URL: url18 = '',
  TMWS_TEST_DATABASE_15_URL: url15 = '',
} = process.env;

describe('workflow-timeline on Kafka and PostgreSQL 18', () => timelineContract(() => ({ brokers, databaseUrl: url18 })));
describe('workflow-timeline on Kafka and PostgreSQL 15', () => timelineContract(() => ({ brokers, databaseUrl: url15 })));
describe('answers on Kafka and PostgreSQL 18', () => answersContract(() => ({ brokers, databaseUrl: url18 })));
describe('answers on Kafka and PostgreSQL 15', () => answersContract(() => ({ brokers, databaseUrl: url15 })));
