export { type BrokerOptions, openBroker, type OpenBroker } from './broker.ts';
export { type Timers } from './timers.ts';
