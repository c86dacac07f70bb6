// gateway as a process of its own: Kafka is a server, the other services are other processes.
import { runService } from '@tmws/lifecycle/run';
import manifest from '../package.json' with { type: 'json' };

await runService({ name: 'gateway', version: manifest.version }, () => import('./app.ts'));
