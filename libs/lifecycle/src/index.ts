export { compose, type App, type Lifecycle } from './compose.ts';
export { hostSettings, isLoopback, loadHostConfig, type HostConfig } from './host-config.ts';
export { authority, openHost, type Host } from './host.ts';
export { patiently } from './patiently.ts';
export { runProcess } from './run-process.ts';
export { type Repeated, repeatedly } from './repeatedly.ts';
export { runService } from './run-service.ts';
