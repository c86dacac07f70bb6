// A process to be killed: `node writer-process.ts DATA_DIR CACHE_DIR` opens the embedded database and writes rows,
// each in a transaction of its own, printing `stored N` after each.
import { openEmbeddedIn } from './fixture.ts';

const [dataDir = '', cache = ''] = process.argv.slice(2);
const db = await openEmbeddedIn(dataDir, cache);
await db.query('CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY, half int)');
const [row] = await db.query<{ n: number }>('SELECT coalesce(max(n), -1) + 1 AS n FROM kept');
console.log('ready');
for (let n = row?.n ?? 0; ; n++) {
  await db.transaction(async (tx) => {
    await tx.query('INSERT INTO kept VALUES ($1)', [n]);
    await tx.query('UPDATE kept SET half = $1 WHERE n = $2', [Math.floor(n / 2), n]);
  });
  console.log(`stored ${n}`);
}
