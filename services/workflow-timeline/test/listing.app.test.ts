import { listingContract } from './listing.contract.ts';

describe('lists of executions on embedded stores', () => listingContract(() => undefined));
