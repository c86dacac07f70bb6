import { pictureContract } from './picture.contract.ts';

describe('pictures of executions on embedded stores', () => pictureContract(() => undefined));
