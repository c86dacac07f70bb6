// gateway as a process of its own: Kafka is a server, the other services are other processes.
import { runService } from '@tmws/lifecycle/run';

await runService('gateway', () => import('./app.ts'));
