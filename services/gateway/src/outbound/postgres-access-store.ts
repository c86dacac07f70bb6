import type { Namespaces, Principal, Scope } from '@tmws/auth';
import { Problem } from '@tmws/problems';
import type { Database } from '@tmws/postgres';
import type { AccessStore, KeyStore, SessionStore, StoredKey } from '../access-ports.ts';
import { listAudit, verifyAudit } from './audit-queries.ts';
import { dropAuditBefore } from './audit-retention.ts';
import { openAuditWriter } from './audit-writer.ts';

interface Options {
  readonly db: Database;
  /** Migrated. */
  readonly schema: string;
  readonly nowNs: () => bigint;
  readonly stored: () => void;
}

/** Keys, sessions and the audit in Postgres. */
export function openPostgresAccessStore(options: Options): AccessStore {
  const { db, schema } = options;
  const writer = openAuditWriter(options);
  const keys: KeyStore = {
    async find(prefix) {
      const [row] = await db.query<KeyRow>(`SELECT * FROM ${schema}.keys WHERE prefix = $1`, [prefix]);
      return row === undefined ? undefined : { ...keyOf(row), hash: row.hash };
    },
    async list() {
      return (await db.query<KeyRow>(`SELECT * FROM ${schema}.keys ORDER BY created_ms DESC, prefix`)).map(keyOf);
    },
    async used(prefix, nowMs) {
      const update = `UPDATE ${schema}.keys SET last_used_ms = $2::bigint WHERE prefix = $1 AND coalesce(last_used_ms, 0) <= $2::bigint - 60000`;
      await db.query(update, [prefix, nowMs]);
    },
    async create(key, fact) {
      await writer.append(fact, async (tx) => {
        const made = await tx.query(
          `INSERT INTO ${schema}.keys (prefix, hash, name, scopes, namespaces, created_ms, created_by, expires_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1`,
          [
            key.prefix,
            key.hash,
            key.name,
            key.scopes,
            key.namespaces === '*' ? ['*'] : key.namespaces,
            key.createdMs,
            key.createdBy,
            key.expiresMs ?? null,
          ],
        );
        if (made.length === 0) throw new Problem('conflict', `there is a key ${key.prefix} already; make another`);
      });
    },
    async revoke(prefix, nowMs, fact) {
      let revoked: StoredKey | undefined;
      await writer.append(fact, async (tx) => {
        const [row] = await tx.query<KeyRow>(
          `UPDATE ${schema}.keys SET revoked_ms = coalesce(revoked_ms, $2) WHERE prefix = $1 RETURNING *`,
          [prefix, nowMs],
        );
        if (row !== undefined) revoked = keyOf(row);
      });
      return revoked;
    },
  };
  return {
    keys,
    sessions: sessionsOf(options, writer.append),
    audit: {
      record: (fact) => writer.append(fact),
      list: (query) => listAudit(options, query),
      verify: () => verifyAudit(options),
      dropBefore: (beforeNs) => dropAuditBefore({ db, schema, append: writer.append, beforeNs }),
    },
    async goodHashes(nowMs) {
      const rows = await db.query<{ hash: Buffer }>(
        `SELECT hash FROM ${schema}.keys WHERE revoked_ms IS NULL AND coalesce(expires_ms > $1, true)
         UNION ALL SELECT hash FROM ${schema}.sessions s WHERE expires_ms > $1
           AND NOT EXISTS (SELECT 1 FROM ${schema}.keys k WHERE k.prefix = s.principal->>'credential' AND k.revoked_ms IS NOT NULL)`,
        [nowMs],
      );
      return rows.map(({ hash }) => hash);
    },
    close: writer.close,
  };
}

function sessionsOf({ db, schema }: Options, append: ReturnType<typeof openAuditWriter>['append']): SessionStore {
  return {
    async begin(hash, { principal, seenMs, expiresMs }, fact) {
      await append(fact, async (tx) => {
        await tx.query(`DELETE FROM ${schema}.sessions WHERE expires_ms <= $1`, [seenMs]);
        await tx.query(`INSERT INTO ${schema}.sessions (hash, principal, seen_ms, expires_ms) VALUES ($1, $2, $3, $4)`, [
          hash,
          JSON.stringify(principal),
          seenMs,
          expiresMs,
        ]);
      });
    },
    async find(hash) {
      const [row] = await db.query<{ principal: Principal; seen_ms: bigint; expires_ms: bigint }>(
        `SELECT principal, seen_ms, expires_ms FROM ${schema}.sessions WHERE hash = $1`,
        [hash],
      );
      if (row === undefined) return undefined;
      return { principal: row.principal, seenMs: Number(row.seen_ms), expiresMs: Number(row.expires_ms) };
    },
    async touch(hash, seenMs, expiresMs) {
      await db.query(`UPDATE ${schema}.sessions SET seen_ms = $2, expires_ms = $3 WHERE hash = $1`, [hash, seenMs, expiresMs]);
    },
    async end(hash, fact) {
      if ((await this.find(hash)) === undefined) return;
      await append(fact, async (tx) => {
        await tx.query(`DELETE FROM ${schema}.sessions WHERE hash = $1`, [hash]);
      });
    },
  };
}

interface KeyRow {
  readonly prefix: string;
  readonly hash: Buffer;
  readonly name: string;
  readonly scopes: Scope[];
  readonly namespaces: string[];
  readonly created_ms: bigint;
  readonly created_by: string;
  readonly expires_ms: bigint | null;
  readonly revoked_ms: bigint | null;
  readonly last_used_ms: bigint | null;
}

const msOf = (value: bigint | null): number | undefined => (value === null ? undefined : Number(value));
const namespacesOf = (stored: readonly string[]): Namespaces => (stored.includes('*') ? '*' : stored);

function keyOf(row: KeyRow): StoredKey {
  return {
    prefix: row.prefix,
    name: row.name,
    scopes: row.scopes,
    namespaces: namespacesOf(row.namespaces),
    createdMs: Number(row.created_ms),
    createdBy: row.created_by,
    expiresMs: msOf(row.expires_ms),
    revokedMs: msOf(row.revoked_ms),
    lastUsedMs: msOf(row.last_used_ms),
  };
}
