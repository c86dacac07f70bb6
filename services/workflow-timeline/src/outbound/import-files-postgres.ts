import type { Database } from '@tmws/postgres';
import type { ImportFiles, KeptFile } from '../import-ports.ts';

const chunkBytes = 1024 * 1024;

/** Kept files in a Postgres on a server, where every replica finds them. */
export function importFilesInPostgres(db: Database, schema: string): ImportFiles {
  return {
    keep: (file, content) =>
      db.transaction(async (tx) => {
        const rows = await tx.query(
          `INSERT INTO ${schema}.import_files (id, about) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING RETURNING id`,
          [file.id, JSON.stringify(file)],
        );
        if (rows.length === 0) return;
        for (let n = 0; n * chunkBytes < content.length; n++) {
          const chunk = Buffer.from(content.subarray(n * chunkBytes, (n + 1) * chunkBytes));
          await tx.query(`INSERT INTO ${schema}.import_chunks (id, n, bytes) VALUES ($1, $2, $3)`, [file.id, n, chunk]);
        }
      }),

    async list() {
      const rows = await db.query<{ about: KeptFile }>(`SELECT about FROM ${schema}.import_files`);
      return rows.map(({ about }) => about).toSorted((a, b) => a.keptMs - b.keptMs);
    },

    async read(id) {
      const [row] = await db.query<{ about: KeptFile }>(`SELECT about FROM ${schema}.import_files WHERE id = $1`, [id]);
      if (row === undefined) return undefined;
      const chunks: Buffer[] = [];
      for (let n = 0; ; n++) {
        const [chunk] = await db.query<{ bytes: Buffer }>(`SELECT bytes FROM ${schema}.import_chunks WHERE id = $1 AND n = $2`, [
          id,
          n,
        ]);
        if (chunk === undefined) break;
        chunks.push(chunk.bytes);
      }
      const content = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const chunk of chunks) {
        content.set(chunk, at);
        at += chunk.length;
      }
      return { file: row.about, content };
    },

    async drop(id) {
      await db.query(`DELETE FROM ${schema}.import_files WHERE id = $1`, [id]);
    },
  };
}
