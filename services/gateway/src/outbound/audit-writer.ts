import { toJsonString } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import type { SecurityFact } from '@tmws/auth';
import { defaultNamespace, SecurityEventSchema } from '@tmws/contracts';
import { redactText, toRecord } from '@tmws/events';
import { type Database, enqueue, type OutboxRecord, type Queryable } from '@tmws/postgres';
import { type AuditEntry, type AuditRow, chained, type ChainHead } from '../domain/audit-chain.ts';

export interface AuditWriter {
  /**
   * Resolves when the fact is stored.
   *
   * @param work  done in the same transaction; what it throws is thrown here and the fact is not stored
   */
  append(fact: SecurityFact, work?: (tx: Queryable) => Promise<void>): Promise<void>;
  /** Resolves when all that was taken is stored, or could not be. */
  close(): Promise<void>;
}

interface Options {
  readonly db: Database;
  readonly schema: string;
  /** ns since the epoch. */
  readonly nowNs: () => bigint;
  /** After a commit, so that the events leave at once. */
  readonly stored: () => void;
  /** Facts in memory at once; who comes when there are so many waits. */
  readonly most?: number;
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly work: ((tx: Queryable) => Promise<void>) | undefined;
  readonly done: PromiseWithResolvers<undefined>;
}

const mostABatch = 256;

/**
 * Writes the audit. One transaction at a time takes all that waits, so a burst costs few; the chain is kept in order between replicas by
 * the lock on its head. A transaction that fails fails for each of its facts, whose callers then refuse with `unavailable`.
 */
export function openAuditWriter({ db, schema, nowNs, stored, most = 4096 }: Options): AuditWriter {
  const queue: Waiting[] = [];
  const turned: (() => void)[] = [];
  let writing: Promise<void> | undefined;

  const take = (): Waiting[] => {
    const end = queue.findIndex(({ work }, at) => work !== undefined && at > 0);
    const count = queue[0]?.work === undefined ? Math.min(end < 0 ? queue.length : end, mostABatch) : 1;
    return queue.splice(0, count);
  };
  const write = async (): Promise<void> => {
    for (let batch = take(); batch.length > 0; batch = take()) {
      try {
        await db.transaction((tx) => writeRows(tx, schema, batch));
        for (const { done } of batch) done.resolve(undefined);
        stored();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
      for (const turn of turned.splice(0, batch.length)) turn();
    }
  };
  const start = (): void => {
    writing ??= write().finally(() => {
      writing = undefined;
      if (queue.length > 0) start();
    });
  };
  return {
    async append(fact, work) {
      while (queue.length >= most) await new Promise<void>((resolve) => turned.push(resolve));
      const done = Promise.withResolvers<undefined>();
      queue.push({ entry: entryOf(fact, nowNs()), work, done });
      start();
      await done.promise;
    },
    async close() {
      while (writing !== undefined) await writing;
    },
  };
}

async function writeRows(tx: Queryable, schema: string, batch: readonly Waiting[]): Promise<void> {
  const [head] = await tx.query<ChainHead>(`SELECT seq, hash FROM ${schema}.audit_head FOR UPDATE`);
  if (head === undefined) throw new Error('the audit has no head');
  for (const { work } of batch) await work?.(tx);
  const rows = chained(
    head,
    batch.map(({ entry }) => entry),
  );
  const column = <K extends keyof AuditRow>(name: K): AuditRow[K][] => rows.map((row) => row[name]);
  await tx.query(
    `INSERT INTO ${schema}.audit (seq, at_ns, type, principal, by, credential, source_ip, user_agent, method, reason, resource, namespace, hash, times)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::text[], $12::text[], $13::bytea[], $14::bigint[])`,
    [
      column('seq'),
      column('atNs'),
      column('type'),
      column('principal'),
      column('by'),
      column('credential'),
      column('sourceIp'),
      column('userAgent'),
      column('method'),
      column('reason'),
      column('resource'),
      column('namespace'),
      column('hash'),
      column('times'),
    ],
  );
  const last = rows.at(-1) ?? head;
  await tx.query(`UPDATE ${schema}.audit_head SET seq = $1, hash = $2`, [last.seq, last.hash]);
  await enqueue(tx, schema, rows.map(recordOf));
}

/** What is kept of a fact: capped, without what no text of Postgres holds, and without what looks like a secret. */
function entryOf(
  { type, principal, by, credential, source, reason, namespace, times = 1 }: SecurityFact,
  atNs: bigint,
): AuditEntry {
  return {
    atNs,
    type,
    principal: kept(principal, 400),
    by,
    credential: kept(credential, 200),
    sourceIp: kept(source.ip, 64),
    userAgent: kept(source.userAgent, 256),
    method: kept(source.method, 200),
    reason: kept(reason, 1000),
    resource: kept(source.resource, 1000),
    namespace: kept(namespace, 63),
    times: BigInt(times),
  };
}

function kept(text: string, most: number): string {
  return redactText(
    text
      .slice(0, most * 2)
      .replaceAll('\0', '')
      .toWellFormed(),
  )
    .slice(0, most)
    .toWellFormed();
}

/** The row as an event. Its id is its place, so that a re-sent one is taken once. */
function recordOf(row: AuditRow): OutboxRecord {
  const { seq, type, atNs, principal, by, credential, sourceIp, userAgent, method, reason, resource, namespace, times } = row;
  const data = {
    principal,
    by,
    credential,
    sourceIp,
    userAgent,
    method,
    reason,
    resource,
    namespace,
    ...(times !== 1n && { times }),
  };
  return toRecord('tmws.security', {
    id: `audit/${seq}`,
    source: '/tmws/gateway/audit',
    type,
    subject: principal || sourceIp || 'unknown',
    timeNs: atNs,
    dataContentType: 'application/json',
    namespace: namespace === '' || namespace === '*' ? defaultNamespace : namespace,
    traceparent: undefined,
    data: Buffer.from(
      toJsonString(
        SecurityEventSchema,
        create(SecurityEventSchema, { ...data, ...(principal + sourceIp === '' && { principal: 'unknown' }) }),
      ),
    ),
  });
}
