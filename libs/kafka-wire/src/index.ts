export { type BrokerOptions, openBroker, type OpenBroker } from './broker.ts';
export { systemTimers, type Timers } from './timers.ts';
