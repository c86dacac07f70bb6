import { changesContract } from './changes.contract.ts';
import { openTestDatabase } from './open-core.ts';

describe('changes to alerts on the embedded database', () => changesContract(() => openTestDatabase()));
