import { embeddedKafka } from './fixture.ts';
import { outageContract } from './outage.contract.ts';

describe('an event bus whose embedded broker goes away', () => outageContract(embeddedKafka));
