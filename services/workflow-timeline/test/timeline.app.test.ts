import { timelineContract } from './timeline.contract.ts';

describe('workflow-timeline on embedded stores', () => timelineContract(() => undefined));
