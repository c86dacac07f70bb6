// workflow-timeline as a process of its own: Postgres and Kafka are servers.
import { runService } from '@tmws/lifecycle';
import { createApp, loadConfig } from './app.ts';

await runService('workflow-timeline', { loadConfig, createApp });
