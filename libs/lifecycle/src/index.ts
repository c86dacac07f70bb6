export { authority } from './authority.ts';
export { compose, type App, type Lifecycle } from './compose.ts';
export { hostSettings, isLoopback, loadHostConfig, type HostConfig } from './host-config.ts';
export { openHost, type Host } from './host.ts';
export { kafkaAccess } from './kafka-access.ts';
export { patiently } from './patiently.ts';
export { runProcess } from './run-process.ts';
export { type Repeated, repeatedly } from './repeatedly.ts';
export { serve, type Service, stoppingAfter } from './serve.ts';
