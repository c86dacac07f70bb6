import { openTestDatabase } from './open-core.ts';
import { policyContract } from './policy.contract.ts';

describe('a policy on the embedded database', () => policyContract(() => openTestDatabase()));
