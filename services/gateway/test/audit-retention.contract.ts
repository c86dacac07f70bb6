// What retention does to the audit, on the embedded database and on a server.
import { migrate, type Database } from '@tmws/postgres';
import { openLogger } from '@tmws/telemetry';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openPostgresAccessStore } from '../src/outbound/postgres-access-store.ts';
import { everything, fact } from './access-store.contract.ts';

/** @param database  opened once for all tests */
export function auditRetentionContract(database: () => Database): void {
  /** Rows have the ns 1, 2, 3 … as their time, and the number as their reason. */
  const open = async () => {
    const db = database();
    const schema = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await migrate(db, {
      schema,
      dir: join(import.meta.dirname, '../migrations'),
      contract: true,
      logger: openLogger('test', 'silent'),
    });
    let ns = 0n;
    const store = openPostgresAccessStore({ db, schema, nowNs: () => (ns += 1n), stored: () => undefined });
    const run = (sql: string) => db.query(sql.replaceAll('{{schema}}', schema));
    return {
      audit: store.audit,
      run,
      write: async (count: number) => {
        for (let n = 0; n < count; n++) await store.audit.record(fact({ reason: String(n + 1) }));
      },
      sent: (before: number) =>
        run(
          `DELETE FROM {{schema}}.outbox WHERE substr(headers->>'ce_id', 7)::bigint < ${before} AND headers->>'ce_id' LIKE 'audit/%'`,
        ),
      seqs: async () => (await store.audit.list(everything)).map(({ seq }) => Number(seq)).toReversed(),
    };
  };

  test('what is older goes, that it went is told by a row, and the rest is still proven', async () => {
    const { audit, write, sent, seqs } = await open();
    await write(6);
    await sent(100);
    const [, , third] = (await audit.list(everything)).toReversed();
    expect(await audit.dropBefore(4n)).toBe(3);
    expect(await seqs()).toEqual([4, 5, 6, 7]);
    expect((await audit.list({ ...everything, limit: 1 }))[0]).toMatchObject({
      type: 'tmws.admin.acted',
      principal: 'retention',
      reason: 'dropped the rows 1 to 3 by retention',
      resource: `audit/3/${third?.hash.toString('hex')}`,
    });
    expect(await audit.verify()).toMatchObject({ rows: 4n, begins: { seq: 4n, droppedNs: 7n }, broken: undefined });
    await write(2);
    await sent(100);
    expect(await audit.dropBefore(9n)).toBe(5);
    expect(await seqs()).toEqual([9, 10]);
    expect(await audit.verify()).toMatchObject({ rows: 2n, begins: { seq: 9n, droppedNs: 10n }, broken: undefined });
  });

  test('a row whose event has not been sent is kept, and all after it', async () => {
    const { audit, write, sent, seqs } = await open();
    await write(5);
    expect(await audit.dropBefore(100n)).toBe(0);
    await sent(3);
    expect(await audit.dropBefore(100n)).toBe(2);
    expect(await seqs()).toEqual([3, 4, 5, 6]);
  });

  test('a clock that was set back lets no row go before an older one', async () => {
    const { audit, run, write, sent } = await open();
    await write(2);
    await run(`ALTER TABLE {{schema}}.audit DISABLE TRIGGER ALL`);
    await run(`UPDATE {{schema}}.audit SET at_ns = 50 WHERE seq = 1`);
    await sent(100);
    expect(await audit.dropBefore(10n)).toBe(0);
  });

  test('that rows were dropped is not dropped over and over', async () => {
    const { audit, write, sent, seqs } = await open();
    await write(2);
    await sent(100);
    expect(await audit.dropBefore(100n)).toBe(2);
    await sent(100);
    expect(await audit.dropBefore(100n)).toBe(0);
    expect(await seqs()).toEqual([3]);
  });

  test('two replicas that drop at once drop once', async () => {
    const { audit, write, sent } = await open();
    await write(4);
    await sent(100);
    const dropped = await Promise.all([audit.dropBefore(5n), audit.dropBefore(5n), audit.verify()]);
    expect(dropped.slice(0, 2).toSorted()).toEqual([0, 4]);
    expect(dropped[2]).toMatchObject({ broken: undefined });
    expect(await audit.verify()).toMatchObject({ rows: 1n, broken: undefined });
  });

  test('nobody drops in passing what the anchor has not gone over', async () => {
    const { audit, run, write, sent } = await open();
    await write(4);
    await sent(100);
    await audit.dropBefore(3n);
    await expect(run(`DELETE FROM {{schema}}.audit WHERE seq = 4`)).rejects.toThrow('the audit is append-only');
  });

  test('a row that stands for many is chained with its number', async () => {
    const { audit, run } = await open();
    await audit.record(fact({ times: 1204 }));
    expect(await audit.list(everything)).toMatchObject([{ times: 1204n }]);
    expect((await audit.verify()).broken).toBeUndefined();
    await run(`ALTER TABLE {{schema}}.audit DISABLE TRIGGER ALL`);
    await run(`UPDATE {{schema}}.audit SET times = 4`);
    expect((await audit.verify()).broken?.seq).toBe(1n);
  });

  test('whatever is changed in a row, taken out, put in, or moved at the anchor is found', async () => {
    const { audit, run, write, sent } = await open();
    await write(7);
    await sent(100);
    await audit.dropBefore(4n);
    await write(3);
    await run(`ALTER TABLE {{schema}}.audit DISABLE TRIGGER ALL`);
    for (const table of ['audit', 'audit_anchor', 'audit_head'])
      await run(`CREATE TABLE {{schema}}.${table}_good AS SELECT * FROM {{schema}}.${table}`);
    const seq = fc.integer({ min: 4, max: 11 });
    const column = fc.constantFrom(
      'type',
      'principal',
      'by',
      'credential',
      'source_ip',
      'method',
      'reason',
      'resource',
      'namespace',
    );
    const last = (to: number) => `seq = ${to}, hash = (SELECT hash FROM {{schema}}.audit WHERE seq = ${to})`;
    const change = fc.oneof(
      fc.tuple(column, seq).map(([name, at]) => `UPDATE {{schema}}.audit SET ${name} = ${name} || 'x' WHERE seq = ${at}`),
      fc
        .tuple(seq, fc.constantFrom('at_ns', 'times'))
        .map(([at, name]) => `UPDATE {{schema}}.audit SET ${name} = ${name} + 1 WHERE seq = ${at}`),
      seq.map((at) => `DELETE FROM {{schema}}.audit WHERE seq = ${at}`),
      seq.map((at) => `DELETE FROM {{schema}}.audit WHERE seq <= ${at}`),
      seq.map((at) => `DELETE FROM {{schema}}.audit WHERE seq >= ${at}`),
      // As if retention had gone further than it did.
      seq.map(
        (at) => `WITH moved AS (UPDATE {{schema}}.audit_anchor SET ${last(at)}) DELETE FROM {{schema}}.audit WHERE seq <= ${at}`,
      ),
      fc.integer({ min: 4, max: 10 }).map((at) => `UPDATE {{schema}}.audit_head SET ${last(at)}`),
      fc.integer({ min: 1, max: 9 }).map((by) => `UPDATE {{schema}}.audit_anchor SET seq = seq + ${by}`),
      fc
        .integer({ min: 0, max: 31 })
        .map((at) => `UPDATE {{schema}}.audit_anchor SET hash = set_byte(hash, ${at}, get_byte(hash, ${at}) # 1)`),
      fc.constant(`DELETE FROM {{schema}}.audit_anchor`),
      fc.integer({ min: 1, max: 3 }).map(
        (
          at,
        ) => `INSERT INTO {{schema}}.audit (seq, at_ns, type, principal, by, credential, source_ip, user_agent, method, reason, resource,
          namespace, hash) SELECT ${at}, 1, type, 'eve', by, credential, source_ip, user_agent, method, reason, resource, namespace, hash
          FROM {{schema}}.audit WHERE seq = 5`,
      ),
    );
    await fc.assert(
      fc.asyncProperty(change, async (sql) => {
        await run(sql);
        const { broken } = await audit.verify();
        for (const table of ['audit', 'audit_anchor', 'audit_head']) {
          await run(`DELETE FROM {{schema}}.${table}`);
          await run(`INSERT INTO {{schema}}.${table} SELECT * FROM {{schema}}.${table}_good`);
        }
        expect(broken).toBeDefined();
        expect((await audit.verify()).broken).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });
}
