import { historyRetentionContract } from './history-retention.contract.ts';
import { openTestDatabase } from './open-core.ts';

describe('retention of alerting on the embedded database', () => historyRetentionContract(() => openTestDatabase()));
