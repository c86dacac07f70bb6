// Every contract that is held on each database, over one embedded database: it takes seconds to start.
import { changesContract } from './changes.contract.ts';
import { coreContract } from './core.contract.ts';
import { deliveriesContract } from './deliveries.contract.ts';
import { detectionContract } from './detection.contract.ts';
import { historyRetentionContract } from './history-retention.contract.ts';
import { openTestDatabase, type TestDatabase } from './open-core.ts';
import { policyContract } from './policy.contract.ts';
import { readsContract } from './reads.contract.ts';
import { rulesContract } from './rules.contract.ts';
import { slackActionsContract } from './slack-actions.contract.ts';

describe('on the embedded database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const shared = (): Promise<TestDatabase> => Promise.resolve({ ...database, [Symbol.asyncDispose]: () => Promise.resolve() });
  describe('alerting', () => coreContract(shared));
  describe('deliveries', () => deliveriesContract(shared));
  describe('changes to alerts', () => changesContract(shared));
  describe('a policy', () => policyContract(shared));
  describe("alerting's own API", () => readsContract(shared));
  describe('rules', () => rulesContract(shared));
  describe('rules of folders', () => detectionContract(shared));
  describe('buttons in Slack', () => slackActionsContract(shared));
  describe('retention of alerting', () => historyRetentionContract(shared));
});
