import { retentionContract } from './retention.contract.ts';

describe('retention on embedded stores', () => retentionContract(() => undefined));
