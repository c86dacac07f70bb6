import { databaseContract } from './database.contract.ts';
import { embeddedDatabase, type OpenedDatabase } from './fixture.ts';
import { migrateContract } from './migrate.contract.ts';
import { offsetsContract } from './offsets.contract.ts';
import { outboxContract } from './outbox.contract.ts';

// Nobody opens an embedded database twice: all who ask share it.
let shared: OpenedDatabase;
beforeAll(async () => {
  shared = await embeddedDatabase();
});
afterAll(() => shared[Symbol.asyncDispose]());
const share = (): Promise<OpenedDatabase> => Promise.resolve({ db: shared.db, [Symbol.asyncDispose]: () => Promise.resolve() });

describe('the embedded database', () => {
  databaseContract(embeddedDatabase);
  describe('migrations', () => migrateContract(share));
  describe('offsets', () => offsetsContract(share));
  describe('the outbox', () => outboxContract(share));
});
