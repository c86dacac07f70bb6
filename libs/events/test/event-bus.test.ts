import { eventBusContract } from './event-bus.contract.ts';
import { embeddedKafka } from './fixture.ts';

describe('an event bus on the embedded broker', () => eventBusContract(embeddedKafka));
