import { openTestDatabase } from './open-core.ts';
import { rulesContract } from './rules.contract.ts';

describe('rules on the embedded database', () => rulesContract(() => openTestDatabase()));
