// What the store of keys, sessions and the audit does, on the embedded database and on a server.
import type { Principal, SecurityFact } from '@tmws/auth';
import { migrate, type Database } from '@tmws/postgres';
import { openLogger } from '@tmws/telemetry';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AccessStore, StoredKey } from '../src/access-ports.ts';
import { openPostgresAccessStore } from '../src/outbound/postgres-access-store.ts';

export const fact = (more: Partial<SecurityFact> = {}): SecurityFact => ({
  type: 'tmws.auth.failed',
  principal: 'alice',
  by: 'anonymous',
  credential: '',
  source: { ip: '203.0.113.7', userAgent: 'curl', method: 'GET /api/v1/executions', resource: '/api/v1/executions' },
  reason: 'unknown key',
  namespace: 'team-a',
  ...more,
});

const key = (more: Partial<StoredKey> = {}): StoredKey & { hash: Buffer } => ({
  prefix: `tmws_${randomBytes(4).toString('hex')}`,
  hash: randomBytes(32),
  name: 'ci',
  scopes: ['read', 'write'],
  namespaces: ['team-a'],
  createdMs: 1000,
  createdBy: 'root',
  expiresMs: undefined,
  revokedMs: undefined,
  lastUsedMs: undefined,
  ...more,
});

export const everything = {
  limit: 500,
  before: undefined,
  types: [],
  principal: undefined,
  sourceIp: undefined,
  namespace: undefined,
};

interface Opened {
  readonly db: Database;
  readonly schema: string;
  readonly store: AccessStore;
}

/** @param database  opened once for all tests */
export function accessStoreContract(database: () => Database): void {
  const open = async (): Promise<Opened> => {
    const db = database();
    const schema = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const logger = openLogger('test', 'silent');
    await migrate(db, { schema, dir: join(import.meta.dirname, '../migrations'), contract: true, logger });
    let now = 1_772_366_400_000_000_000n;
    return { db, schema, store: openPostgresAccessStore({ db, schema, nowNs: () => (now += 1n), stored: () => undefined }) };
  };
  /** As somebody would who owns the database. */
  const tamper = async ({ db, schema }: Opened, sql: string): Promise<void> => {
    await db.query(`ALTER TABLE ${schema}.audit DISABLE TRIGGER ALL`);
    await db.query(sql.replaceAll('{{schema}}', schema));
  };

  test('a key is there as it was made, once, together with the line that says so', async () => {
    const { store } = await open();
    const made = key({ expiresMs: 5000 });
    await store.keys.create(made, fact({ type: 'tmws.admin.acted', reason: 'made a key' }));
    expect(await store.keys.find(made.prefix)).toEqual(made);
    await expect(store.keys.create(made, fact())).rejects.toMatchObject({ kind: 'conflict' });
    expect(await store.audit.list(everything)).toMatchObject([{ seq: 1n, reason: 'made a key' }]);
    expect(await store.keys.find('tmws_ffffffff')).toBeUndefined();
  });

  test('keys are listed newest first; a revoked one stays revoked when it was', async () => {
    const { store } = await open();
    const [one, other] = [key({ createdMs: 1 }), key({ createdMs: 2, namespaces: '*' })];
    await store.keys.create(one, fact());
    await store.keys.create(other, fact());
    expect((await store.keys.list()).map(({ prefix, namespaces }) => [prefix, namespaces])).toEqual([
      [other.prefix, '*'],
      [one.prefix, ['team-a']],
    ]);
    expect(await store.keys.revoke(one.prefix, 10, fact())).toMatchObject({ revokedMs: 10 });
    expect(await store.keys.revoke(one.prefix, 20, fact())).toMatchObject({ revokedMs: 10 });
    expect(await store.keys.revoke('tmws_ffffffff', 20, fact())).toBeUndefined();
  });

  test('when a key was last used is kept to the minute', async () => {
    const { store } = await open();
    const made = key();
    await store.keys.create(made, fact());
    const seen = [];
    const day = 1_772_366_400_000;
    for (const later of [0, 30_000, 60_000]) {
      await store.keys.used(made.prefix, day + later);
      seen.push(((await store.keys.find(made.prefix))?.lastUsedMs ?? 0) - day);
    }
    expect(seen).toEqual([0, 0, 60_000]);
  });

  test('a session is found until it is ended; a new one throws those away that are over', async () => {
    const { store } = await open();
    const principal: Principal = { name: 'ada', scopes: ['read'], namespaces: '*', by: 'key', credential: 'tmws_00000000' };
    const [first, second] = [randomBytes(32), randomBytes(32)];
    await store.sessions.begin(first, { principal, seenMs: 0, expiresMs: 100 }, fact());
    expect(await store.sessions.find(first)).toEqual({ principal, seenMs: 0, expiresMs: 100 });
    await store.sessions.touch(first, 50, 150);
    expect(await store.sessions.find(first)).toMatchObject({ seenMs: 50, expiresMs: 150 });
    await store.sessions.begin(second, { principal, seenMs: 150, expiresMs: 300 }, fact());
    expect(await store.sessions.find(first)).toBeUndefined();
    const out = fact({ type: 'tmws.auth.ended', reason: 'signed out' });
    await store.sessions.end(second, out);
    await store.sessions.end(second, out);
    expect(await store.sessions.find(second)).toBeUndefined();
    expect(await store.audit.list({ ...everything, types: ['tmws.auth.ended'] })).toMatchObject([{ reason: 'signed out' }]);
  });

  test('a burst of refusals is stored whole and in a chain, each with its event, in few transactions', async () => {
    const { db, schema, store } = await open();
    await Promise.all(Array.from({ length: 600 }, (_, n) => store.audit.record(fact({ reason: `refusal ${n}` }))));
    const rows = await store.audit.list({ ...everything, limit: 1000 });
    expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 600 }, (_, n) => 600 - n));
    expect(new Set(rows.map(({ reason }) => reason)).size).toBe(600);
    expect(await store.audit.verify()).toMatchObject({ rows: 600n, broken: undefined, headHash: rows[0]?.hash });
    const [sent] = await db.query(
      `SELECT count(*)::int AS events, count(DISTINCT xmin::text)::int AS transactions FROM ${schema}.outbox WHERE topic = 'tmws.security'`,
    );
    expect(sent).toMatchObject({ events: 600 });
    expect(sent?.transactions as number).toBeLessThan(20);
  });

  test('two replicas keep one chain', async () => {
    const { db, schema, store } = await open();
    const other = openPostgresAccessStore({ db, schema, nowNs: () => 5n, stored: () => undefined });
    await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? store : other).audit.record(fact())));
    expect(await store.audit.verify()).toMatchObject({ rows: 40n, broken: undefined });
  });

  test('the audit is found by type, by who, from where and in which namespace, a page at a time', async () => {
    const { store } = await open();
    await store.audit.record(fact({ principal: 'bob' }));
    await store.audit.record(fact({ type: 'tmws.admin.acted', namespace: 'team-b' }));
    await store.audit.record(fact({ source: { ip: '10.0.0.1', userAgent: '', method: 'GET /', resource: '/' } }));
    const seqs = async (query: object): Promise<number[]> =>
      (await store.audit.list({ ...everything, ...query })).map(({ seq }) => Number(seq));
    expect(await seqs({ principal: 'bob' })).toEqual([1]);
    expect(await seqs({ types: ['tmws.admin.acted'] })).toEqual([2]);
    expect(await seqs({ sourceIp: '10.0.0.1' })).toEqual([3]);
    expect(await seqs({ namespace: 'team-b' })).toEqual([2]);
    expect(await seqs({ limit: 2 })).toEqual([3, 2]);
    expect(await seqs({ limit: 2, before: 2n })).toEqual([1]);
  });

  test('what no text of the database holds, is too long or looks like a secret does not get in', async () => {
    const { store } = await open();
    const secret = `tmws_0f3a11aa_${'x'.repeat(43)}`;
    await store.audit.record(
      fact({
        principal: `a\0b\ud800${'p'.repeat(5000)}`,
        reason: secret,
        source: { ip: '', userAgent: 'u'.repeat(5000), method: '', resource: '' },
      }),
    );
    const [row] = await store.audit.list(everything);
    expect(row).toMatchObject({ reason: 'tmws_0f3a11aa_[redacted]', sourceIp: '' });
    expect([row?.principal.length, row?.userAgent.length]).toEqual([400, 256]);
    expect(await store.audit.verify()).toMatchObject({ rows: 1n, broken: undefined });
  });

  test.each([
    ['a row was changed', `UPDATE {{schema}}.audit SET reason = 'nothing' WHERE seq = 3`, 3n],
    ['a time was changed', `UPDATE {{schema}}.audit SET at_ns = at_ns + 1 WHERE seq = 2`, 2n],
    ['a row was taken out', `DELETE FROM {{schema}}.audit WHERE seq = 4`, 4n],
    ['the last rows were cut off', `DELETE FROM {{schema}}.audit WHERE seq > 3`, 4n],
    ['the first row was taken out', `DELETE FROM {{schema}}.audit WHERE seq = 1`, 1n],
    [
      'a row was put behind',
      `INSERT INTO {{schema}}.audit SELECT 99, at_ns, type, principal, by, credential, source_ip, user_agent, method, reason, resource, namespace, hash FROM {{schema}}.audit WHERE seq = 5`,
      99n,
    ],
    ['the head was changed', `UPDATE {{schema}}.audit_head SET hash = decode(repeat('11', 32), 'hex')`, 5n],
  ])('that %s is found, and where first', async (_what, sql, broken) => {
    const opened = await open();
    for (let n = 0; n < 5; n++) await opened.store.audit.record(fact());
    await tamper(opened, sql);
    expect((await opened.store.audit.verify()).broken?.seq).toBe(broken);
  });

  test('a row cannot be changed or taken away in passing', async () => {
    const { db, schema, store } = await open();
    await store.audit.record(fact());
    await expect(db.query(`UPDATE ${schema}.audit SET reason = ''`)).rejects.toThrow('the audit is append-only');
    await expect(db.query(`DELETE FROM ${schema}.audit`)).rejects.toThrow('the audit is append-only');
  });
}
