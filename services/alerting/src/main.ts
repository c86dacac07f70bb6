// alerting as a process of its own: Postgres and Kafka are servers.
import { runService } from '@tmws/lifecycle/run';
import manifest from '../package.json' with { type: 'json' };

await runService({ name: 'alerting', version: manifest.version }, () => import('./app.ts'));
