import { otlpContract } from './otlp.contract.ts';

describe('OTLP on embedded stores', () => otlpContract(() => undefined));
