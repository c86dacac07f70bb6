import { firstFailureContract } from './first-failure.contract.ts';

describe('what failed first on embedded stores', () => firstFailureContract(() => undefined));
