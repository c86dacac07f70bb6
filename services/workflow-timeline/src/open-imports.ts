// The part of the composition that imports files: kept where every process of this store finds them, done by whoever is free.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '@tmws/postgres';
import type { Logger } from '@tmws/telemetry';
import type { TimelineConfig } from './config.ts';
import { readImport } from './inbound/imports/read-import.ts';
import { openImportReader } from './inbound/imports/read-in-worker.ts';
import { importFilesInPostgres } from './outbound/import-files-postgres.ts';
import { openImportFolder } from './outbound/import-files-folder.ts';
import { openPostgresImportStore } from './outbound/postgres-import-store.ts';
import { operationsInPostgres } from './outbound/postgres-operations.ts';
import type { Clock, ExecutionStore } from './ports.ts';
import { importFile } from './usecases/import-file.ts';
import { lookAtOperations } from './usecases/operations.ts';
import { runImports } from './usecases/run-imports.ts';
import { startImport } from './usecases/start-import.ts';
import { openBell, watchOperation } from './usecases/watch-operation.ts';

// What is read in a moment, beside everything else: some milliseconds.
const smallBytes = 128 * 1024;
// For what is sent next, by one who sends several files.
const threadKeptMs = 20_000;

interface Needs {
  readonly db: Database;
  readonly schema: string;
  readonly dataDir: string;
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told when executions changed and announcements wait to be sent. */
  readonly recorded: () => void;
}

export async function openImports(config: TimelineConfig, { db, schema, dataDir, store, clock, logger, recorded }: Needs) {
  // PGlite never calls fsync, so files do not lie in it.
  const alone = db.kind === 'embedded';
  const files = alone ? await openImportFolder(join(dataDir, 'imports'), logger) : importFilesInPostgres(db, schema);
  const operations = operationsInPostgres(db, schema);
  const imports = openPostgresImportStore(db, schema);
  const bell = openBell();
  const owner = randomUUID();
  const reader = openImportReader({ smallBytes, heapMiB: config.importHeapMiB, keepMs: threadKeptMs });
  const runner = runImports({
    files,
    operations,
    importFile: importFile({ files, imports, store, open: reader.open, clock }),
    clock,
    logger,
    owner,
    alone,
    changed: () => {
      bell.ring();
      recorded();
    },
  });
  const start = startImport({
    files,
    operations,
    clock,
    maxBytes: config.importMaxBytes,
    smallBytes,
    check: (content, sha256) => void readImport(content, sha256),
    started: () => {
      bell.ring();
      runner.wake();
    },
  });
  const looked = lookAtOperations({ operations, files, clock, owner });
  return {
    files,
    imports,
    operations: looked,
    watch: watchOperation(looked.get, bell, config.watchEveryMs),
    start: (...[namespace, name, chunks]: Parameters<typeof start>) => start(namespace, name, reader.expecting(chunks)),
    /** For a rebuild. */
    again: { count: async () => (await files.list()).length, left: operations.open, begin: runner.wake },
    async close(): Promise<void> {
      await runner.close();
      await reader.close();
    },
  };
}
