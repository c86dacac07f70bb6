export { type BrokerOptions, openBroker, type OpenBroker } from './broker.ts';
export type { KafkaAccess, Need, Session, SignInAttempt } from './access.ts';
export { type Timers } from './timers.ts';
