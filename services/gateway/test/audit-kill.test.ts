import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { cacheDir, startProcess, tempDir } from '@tmws/testkit';
import { openPostgresAccessStore } from '../src/outbound/postgres-access-store.ts';

test('every refusal and sign-in that was answered before a kill -9 is in the audit once after it, in an unbroken chain, and an event', async () => {
  const dir = await tempDir('audit-kill');
  const data = join(dir.path, 'data');
  const adminKey = randomBytes(32).toString('hex');
  const answered: string[] = [];
  for (let round = 0; round < 2; round++) {
    const child = await startProcess([join(import.meta.dirname, 'guarded-process.ts'), data, cacheDir(), adminKey], {
      until: /ready (\d+)/,
    });
    const url = `http://127.0.0.1:${String(child.ready[1])}`;
    const state = { over: false };
    const asking = async (who: number): Promise<void> => {
      for (let n = 0; !state.over; n++) {
        const path = `/api/v1/executions/${round}-${who}-${n}`;
        const wrong = n % 2 === 0 ? {} : { headers: { authorization: 'Bearer wrong' } };
        const status = await fetch(`${url}${path}`, wrong).then(
          (response) => response.status,
          () => 0,
        );
        if (status === 0) return;
        expect(status).toBe(401);
        answered.push(path);
        if (answered.length >= (round + 1) * 100) state.over = true;
      }
    };
    const all = Array.from({ length: 8 }, (_, who) => asking(who));
    await Promise.race(all);
    await child.kill('SIGKILL');
    await Promise.all(all);
  }
  const [logger, metrics] = [openLogger('test', 'silent'), openMetrics()];
  const db = await openDatabase({
    url: undefined,
    dataDir: join(data, 'postgres'),
    cacheDir: cacheDir(),
    maxConnections: 1,
    logger,
    metrics,
  });
  try {
    const store = openPostgresAccessStore({ db, schema: 'gateway', nowNs: () => 0n, stored: () => undefined });
    const everything = { before: undefined, types: [], principal: undefined, sourceIp: undefined, namespace: undefined };
    const rows = await store.audit.list({ ...everything, limit: 100_000 });
    const kept = Map.groupBy(rows, ({ resource }) => resource);
    expect(answered.length).toBeGreaterThanOrEqual(200);
    expect(answered.filter((path) => kept.get(path)?.length !== 1)).toEqual([]);
    expect((await store.audit.verify()).broken).toBeUndefined();
    // Kafka is away: the events of exactly these rows wait to be sent, under the ids by which consumers take each once.
    const waiting = await db.query<{ id: string }>(`SELECT headers->>'ce_id' AS id FROM gateway.outbox ORDER BY 1`);
    expect(waiting.map(({ id }) => id)).toEqual(rows.map(({ seq }) => `audit/${seq}`).toSorted());
  } finally {
    await db.close();
    await dir.remove();
  }
}, 120_000);
