// gateway as a process of its own: Kafka is a server, the other services are other processes.
import { runService } from '@tmws/lifecycle';
import { createApp, loadConfig } from './app.ts';

// Without sign-in it keeps nothing; with it keys, sessions and the audit.
await runService('gateway', { loadConfig, createApp, keeps: ({ auth }) => auth === 'on' });
