import type { Namespaces, Principal, Scope, SecurityFact } from '@tmws/auth';
import type { AuditRow } from './domain/audit-chain.ts';

/** An API key as it is kept; the key itself is nowhere. Times are ms since the epoch. */
export interface StoredKey {
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly namespaces: Namespaces;
  readonly createdMs: number;
  readonly createdBy: string;
  readonly expiresMs: number | undefined;
  readonly revokedMs: number | undefined;
  readonly lastUsedMs: number | undefined;
}

export interface KeyStore {
  find(prefix: string): Promise<(StoredKey & { readonly hash: Buffer }) | undefined>;
  /** Newest first. */
  list(): Promise<StoredKey[]>;
  /** Remembered to the minute. */
  used(prefix: string, nowMs: number): Promise<void>;
  /** With the fact, in one transaction. @throws Problem `conflict` when there is one of that prefix */
  create(key: StoredKey & { readonly hash: Buffer }, fact: SecurityFact): Promise<void>;
  /** With the fact, in one transaction. @returns the key, undefined when there is none; one revoked before stays as it was */
  revoke(prefix: string, nowMs: number, fact: SecurityFact): Promise<StoredKey | undefined>;
}

/** Sessions of the console, under the hash of their secret. */
export interface SessionStore {
  /** With the fact, in one transaction; those that ended are thrown away. */
  begin(hash: Buffer, session: StoredSession, fact: SecurityFact): Promise<void>;
  find(hash: Buffer): Promise<StoredSession | undefined>;
  touch(hash: Buffer, seenMs: number, expiresMs: number): Promise<void>;
  /** With the fact, in one transaction; of a session that is none nothing is told. */
  end(hash: Buffer, fact: SecurityFact): Promise<void>;
}

export interface StoredSession {
  /** Who signed in, by what vouched for them then. */
  readonly principal: Principal;
  readonly seenMs: number;
  readonly expiresMs: number;
}

export interface AuditQuery {
  readonly limit: number;
  /** Only rows before this one. */
  readonly before: bigint | undefined;
  readonly types: readonly string[];
  readonly principal: string | undefined;
  readonly sourceIp: string | undefined;
  readonly namespace: string | undefined;
}

/** What became of looking at every row. */
export interface AuditVerdict {
  /** Rows that are as they were written, up to the first that is not. */
  readonly rows: bigint;
  /** The first row that is kept, and when those before were dropped, ns since the epoch; undefined: the first there ever was. */
  readonly begins: { readonly seq: bigint; readonly droppedNs: bigint | undefined } | undefined;
  readonly broken: { readonly seq: bigint; readonly reason: string } | undefined;
  readonly headHash: Buffer;
}

/** Who came, who was refused, what admins did: append-only, each row chained to the one before, each told on `tmws.security`. */
export interface Audit {
  /** Resolves when it is stored. Many at once are one transaction; when too many wait, the next ones wait before they are taken. */
  record(fact: SecurityFact): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditRow[]>;
  verify(): Promise<AuditVerdict>;
  /**
   * Drops rows from the oldest on, up to the first that is not older than `beforeNs` or whose event has not been sent. That it did is a row
   * itself; where nothing but such rows would go, nothing does.
   *
   * @returns how many rows went; as many again may be left
   */
  dropBefore(beforeNs: bigint): Promise<number>;
}

/** All that access needs kept. */
export interface AccessStore {
  readonly keys: KeyStore;
  readonly sessions: SessionStore;
  readonly audit: Audit;
  /** Of the keys and sessions that are good at that time, what is kept of their secrets. */
  goodHashes(nowMs: number): Promise<Buffer[]>;
  close(): Promise<void>;
}
