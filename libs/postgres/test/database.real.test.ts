import { databaseContract } from './database.contract.ts';
import { given, type OpenedDatabase, serverDatabase } from './fixture.ts';
import { migrateContract } from './migrate.contract.ts';
import { offsetsContract } from './offsets.contract.ts';
import { outboxContract } from './outbox.contract.ts';

function everything(open: () => Promise<OpenedDatabase>): void {
  databaseContract(open);
  describe('migrations', () => migrateContract(open));
  describe('offsets', () => offsetsContract(open));
  describe('the outbox', () => outboxContract(open));
}

describe('Postgres 18', () => everything(() => serverDatabase(given('TMWS_TEST_DATABASE_URL'))));
describe('Postgres 18 with a pool of one', () => databaseContract(() => serverDatabase(given('TMWS_TEST_DATABASE_URL'), 1)));
describe('Postgres 15', () => everything(() => serverDatabase(given('TMWS_TEST_DATABASE_15_URL'))));
