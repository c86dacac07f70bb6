import { openHistoryRetention } from '../src/outbound/postgres-history-retention.ts';
import { openPostgresAlertReads } from '../src/outbound/postgres-alert-reads.ts';
import { openReplica, freshSchema, namespace, type Sent, type TestDatabase } from './open-core.ts';

const yaml = 'route: {receiver: everybody, group_wait: 0s}\nreceivers: [{name: everybody}]\n';
const dayMs = 86_400_000;

export function historyRetentionContract(open: () => Promise<TestDatabase>): void {
  test('days and messages before the end of retention are forgotten, and nothing else', async () => {
    await using database = await open();
    const schema = await freshSchema(database.db);
    const now = { ms: Date.UTC(2026, 2, 1, 12) };
    const sent: Sent[] = [];
    const service = openReplica({ db: database.db, schema }, { name: 'r', config: yaml, clock: () => now.ms, sent });
    await service.post({ labels: { alertname: 'Old' } });
    for (let tries = 0; sent.length < 1 && tries < 5000; tries++) await new Promise(setImmediate);
    await service.close();
    now.ms += 5 * dayMs;
    const later = openReplica({ db: database.db, schema }, { name: 'l', config: yaml, clock: () => now.ms, sent });
    await later.post({ labels: { alertname: 'New' } });
    await later.close();
    const reads = openPostgresAlertReads(database.db, schema);
    const kept = async () => {
      const query = { fingerprint: '', kinds: ['fired'], fromMs: undefined, toMs: undefined, before: undefined, limit: 10 };
      return (await reads.history(namespace, query)).map(({ doc }) => (doc.labels as { alertname: string }).alertname);
    };
    expect(await kept()).toEqual(['New', 'Old']);
    const retention = openHistoryRetention(database.db, schema);
    expect(await retention.dropBefore(now.ms - 6 * dayMs)).toBe(0);
    expect(await retention.dropBefore(now.ms - dayMs)).toBe(1);
    expect(await kept()).toEqual(['New']);
    const ledger = { statuses: ['sent'], receiver: '', groupKeys: undefined, fingerprint: '', before: undefined, limit: 10 };
    expect((await reads.notifications(namespace, ledger)).filter(({ createdAtMs }) => createdAtMs < now.ms - dayMs)).toEqual([]);
    expect(await retention.dropBefore(now.ms - dayMs)).toBe(0);
  });
}
