import { importContract } from './import.contract.ts';

describe('imports on embedded stores', () => importContract(() => undefined));
