import { openTestDatabase } from './open-core.ts';
import { readsContract } from './reads.contract.ts';

describe("alerting's own API on the embedded database", () => readsContract(() => openTestDatabase()));
