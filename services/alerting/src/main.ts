// alerting as a process of its own: Postgres and Kafka are servers.
import { runService } from '@tmws/lifecycle/run';

await runService('alerting', () => import('./app.ts'));
