// A process whose embedded database loses its worker twice, once in a transaction and once while nobody asks:
// `node dying-worker-process.ts DATA_DIR CACHE_DIR` prints what its callers saw as one line of JSON.
// (The worker can only be got at by Node's own `worker` event, which jest's copy of `process` does not have.)
import type { Worker } from 'node:worker_threads';
import type { Problem } from '@tmws/problems';
import { openEmbeddedIn } from './fixture.ts';

const [dataDir = '', cache = ''] = process.argv.slice(2);
const workers: Worker[] = [];
process.on('worker', (worker) => workers.push(worker));
const endWorkers = (): Promise<unknown> => Promise.all(workers.splice(0).map((worker) => worker.terminate()));
const outcome = (error: Problem): string => `${error.kind}: ${error.message}`;

const db = await openEmbeddedIn(dataDir, cache);
await db.query('CREATE TABLE a (n int)');
await db.query('INSERT INTO a VALUES (1)');

const inTransaction = await db
  .transaction(async (tx) => {
    await tx.query('INSERT INTO a VALUES (2)');
    await endWorkers();
    await tx.query('INSERT INTO a VALUES (3)');
    return 'stored';
  })
  .catch(outcome);
const after = await db.query('SELECT n FROM a').catch(outcome);
await endWorkers();
const idle = await db.query('SELECT n FROM a').catch(outcome);
const afterIdle = await db.query('SELECT n FROM a').catch(outcome);
await endWorkers();
await db.close();
console.log(JSON.stringify({ inTransaction, after, idle, afterIdle }));
