import { answersContract } from './answers.contract.ts';
import { timelineContract } from './timeline.contract.ts';

describe('workflow-timeline on embedded stores', () => timelineContract(() => undefined));
describe('answers of workflow-timeline on embedded stores', () => answersContract(() => undefined));
