import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import {
  ImportService,
  ListingService,
  OperationService,
  PictureService,
  RetentionService,
  TimelineService,
} from '@tmws/contracts';
import { compose, type Host, type Lifecycle } from '@tmws/lifecycle';
import { relayOutbox } from '@tmws/postgres';
import type { TimelineConfig } from './config.ts';
import { timelineHandlers } from './inbound/grpc-handlers.ts';
import { pictureHandlers } from './inbound/picture-handlers.ts';
import { importHandlers, operationHandlers } from './inbound/import-handlers.ts';
import { serveOtlpGrpc } from './inbound/otlp/otlp-grpc.ts';
import { otlpRoutes } from './inbound/otlp/otlp-http.ts';
import { openReceiver } from './inbound/otlp/receiver.ts';
import { listingHandlers } from './inbound/listing-handlers.ts';
import { retentionHandlers } from './inbound/retention-handlers.ts';
import { openImports } from './open-imports.ts';
import { workflowEvents } from './inbound/workflow-events.ts';
import { consumerGroup } from './outbound/postgres-recording.ts';
import { openPostgresExecutionStore } from './outbound/postgres-execution-store.ts';
import { openPostgresListing } from './outbound/postgres-listing.ts';
import { openPostgresRetentionStore } from './outbound/postgres-retention-store.ts';
import type { Clock } from './ports.ts';
import { openChanges } from './usecases/changes.ts';
import { deleteExecution } from './usecases/delete-execution.ts';
import { openDropping } from './usecases/drop-due.ts';
import { exportExecutions } from './usecases/export-executions.ts';
import { listExecutions } from './usecases/list-executions.ts';
import { lookAtDurations } from './usecases/look-at-durations.ts';
import { lookAtRetention } from './usecases/look-at-retention.ts';
import { lookAtExecution } from './usecases/look-at-execution.ts';
import { openCharts } from './usecases/open-charts.ts';
import { openRows } from './usecases/open-rows.ts';
import { rebuild } from './usecases/rebuild.ts';
import { recordFacts } from './usecases/record-facts.ts';
import { settleSilent } from './usecases/settle-silent.ts';
import { suggestTerms } from './usecases/suggest-terms.ts';
import { summarizeExecutions } from './usecases/summarize-executions.ts';
import { watchExecution, watchExecutions } from './usecases/watch-executions.ts';

export { loadConfig } from './config.ts';

const schema = 'timeline';
export const migrations = { schema, dir: join(import.meta.dirname, '../migrations') };
const topic = 'tmws.workflow';

/** Wires workflow-timeline into a host: migrates its schema, takes in tmws.workflow and OTLP, answers TimelineService. */
export async function createApp(config: TimelineConfig, host: Host, given: { clock?: Clock } = {}): Promise<Lifecycle> {
  const { logger, metrics, events } = host;
  const clock = given.clock ?? Date.now;
  return await compose({ stopBudgetMs: host.config.stopBudgetMs, logger }, async (app) => {
    const [db] = await Promise.all([host.migrated(migrations), host.topics()]);

    const store = openPostgresExecutionStore(db, schema);
    const changes = app.closing('changes', openChanges(store, logger, config.watchEveryMs));
    const outbox = app.closing('outbox', relayOutbox(db, { schema, publish: events.publish, logger, metrics }));
    const idleAfterMs = config.traceIdleMs;
    app.closing('settling', settleSilent({ store, clock, logger, idleAfterMs, settled: changes.wake }));
    const recorded = (): void => {
      changes.wake();
      outbox.wake();
    };
    const imports = await openImports(config, { db, schema, dataDir: host.config.dataDir, store, clock, logger, recorded });
    app.closing('imports', imports);
    host.grpc.add(ImportService, importHandlers(imports));
    host.grpc.add(OperationService, operationHandlers(imports));
    const retention = openPostgresRetentionStore(db, schema);
    const { retentionDays: defaultDays, retentionEveryMs: everyMs } = config;
    app.closing('retention', openDropping({ store: retention, files: imports.files, clock, logger, defaultDays, everyMs }));
    const inbound = workflowEvents({ record: recordFacts({ store, clock }), recorded, clock, logger, metrics });
    const consumer = app.closing(
      'consumer',
      events.consume({
        group: consumerGroup,
        topics: [topic],
        lanes: db.kind === 'embedded' ? 1 : config.lanes,
        loadOffsets: store.offsets,
        ...inbound,
      }),
    );

    const otlp = openReceiver({ publish: events.publish, logger, metrics });
    host.otlp.http.mount('/', otlpRoutes(otlp, host.otlp.maxRequestBytes));
    serveOtlpGrpc(host.otlp.grpc, otlp);

    const logRanges = async () => (await events.offsets(topic)).map((range) => ({ topic, ...range }));
    host.grpc.add(
      RetentionService,
      retentionHandlers({
        store: retention,
        look: lookAtRetention({ store: retention, clock, defaultDays }),
        remove: deleteExecution({ store, retention, files: imports.files, clock }),
        removed: outbox.wake,
      }),
    );
    const listing = openPostgresListing(db, schema);
    host.grpc.add(
      ListingService,
      listingHandlers({
        clock,
        summarize: summarizeExecutions({ listing, clock }),
        durations: lookAtDurations({ listing }),
        suggest: suggestTerms({ listing, clock }),
        exported: exportExecutions({ listing, clock }),
      }),
    );
    const rows = openRows({ store, maxBytes: config.cacheBytes });
    const charts = openCharts({
      store,
      rows,
      clock,
      maxBytes: config.cacheBytes,
      heapBytes: getHeapStatistics().heap_size_limit,
    });
    host.grpc.add(PictureService, pictureHandlers({ store, charts }));
    host.grpc.add(
      TimelineService,
      timelineHandlers({
        store,
        clock,
        list: listExecutions({ store, listing, clock }),
        look: lookAtExecution({ store, rows, clock }),
        watchOne: watchExecution({ store, changes, clock }),
        watchAll: watchExecutions({ store, changes, clock }),
        rebuild: rebuild({ store, logRanges, rewind: consumer.rewind, imports: imports.again }),
      }),
    );
  });
}
