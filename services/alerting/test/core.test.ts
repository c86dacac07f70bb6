import { coreContract } from './core.contract.ts';
import { openTestDatabase } from './open-core.ts';

describe('alerting on the embedded database', () => coreContract(() => openTestDatabase()));
