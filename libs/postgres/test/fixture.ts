import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { cacheDir, tempDir } from '@tmws/testkit';
import { type Database, openDatabase } from '../src/index.ts';

/** A logger that keeps its lines. */
export function keptLog(): { logger: ReturnType<typeof openLogger>; lines: string[] } {
  const lines: string[] = [];
  return { lines, logger: openLogger('test', 'info', { write: (line: string) => void lines.push(line) }) };
}

/** A schema's name nobody else uses. */
export const newSchema = (): string => `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;

export interface OpenedDatabase extends AsyncDisposable {
  readonly db: Database;
}

/** An embedded database in a folder of its own, gone at the end. */
export async function embeddedDatabase(): Promise<OpenedDatabase> {
  const dir = await tempDir('pglite');
  const db = await openEmbeddedIn(join(dir.path, 'data'));
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.close();
      await dir.remove();
    },
  };
}

export function openEmbeddedIn(dataDir: string, cache = cacheDir(), { logger } = keptLog()): Promise<Database> {
  return openDatabase({ url: undefined, dataDir, cacheDir: cache, maxConnections: 1, logger, metrics: openMetrics() });
}

/** A database on a server, by a pool of `maxConnections`. */
export async function serverDatabase(url: string, maxConnections = 4): Promise<OpenedDatabase> {
  const { logger } = keptLog();
  const db = await openDatabase({ url, dataDir: '', cacheDir: '', maxConnections, logger, metrics: openMetrics() });
  return { db, [Symbol.asyncDispose]: () => db.close() };
}

/** A promise and the event loop's word that what is queued before has run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The address a test of a real server uses. @throws when tools/test-servers.ts did not start it */
export function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run this test with tools/test-servers.ts`);
  return value;
}
