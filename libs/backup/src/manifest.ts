import type { StoredFile } from './chunk-file.ts';
import type { Content } from './content-sum.ts';
import type { WrappedKey } from './key.ts';

/** The form of backups this code writes; one of a higher number is refused. */
export const format = 1;

/** What a backup is and holds. It has names of settings and tables, and no secret. */
export interface Manifest {
  readonly format: number;
  /** Of TMWS that made it. */
  readonly version: string;
  readonly id: string;
  /** When the snapshot was taken, RFC 3339. */
  readonly takenAt: string;
  readonly finishedAt: string;
  /** Absent: not encrypted. */
  readonly key?: WrappedKey;
  readonly database?: DatabasePart;
  readonly kafka?: KafkaPart;
  readonly files: readonly FileEntry[];
  /** Folders of the data folder that hold nothing: Postgres asks for them. */
  readonly folders: readonly string[];
  /** What the environment set, secrets as `(set)`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface DatabasePart {
  readonly server: string;
  readonly extensions: readonly string[];
  readonly schemas: readonly SchemaPart[];
}

export interface SchemaPart {
  readonly name: string;
  /** Migrations it had run, with their checksums. */
  readonly steps: Readonly<Record<string, string>>;
  /** SQL that makes the tables, without what slows loading down. */
  readonly before: readonly string[];
  /** SQL for keys, indexes and triggers, once rows are there. */
  readonly after: readonly string[];
  readonly tables: readonly TablePart[];
  readonly sequences: readonly { readonly name: string; readonly value: string; readonly called: boolean }[];
  /** The stored offsets at the snapshot: where each consumer goes on. */
  readonly offsets: readonly {
    readonly consumer: string;
    readonly topic: string;
    readonly partition: number;
    readonly next: string;
  }[];
}

export interface TablePart extends StoredFile, Content {
  /** Quoted as SQL wants it, with its schema. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Its number in `data/`. */
  readonly file: number;
}

export interface KafkaPart {
  readonly clusterId: string;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly LogSpan[] }[];
  /** What consumer groups had told the broker. What counts is the offsets in the store. */
  readonly committed: readonly {
    readonly group: string;
    readonly topic: string;
    readonly partition: number;
    readonly next: string;
  }[];
}

export interface LogSpan {
  readonly partition: number;
  readonly first: string;
  readonly next: string;
}

/** A file of a data folder, or one that was asked to be included. */
export interface FileEntry extends StoredFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
  readonly file: number;
}
