// What makes a schema of TMWS again, read from the catalogs of Postgres: all it knows of tables, and a refusal for what it does not know.
import { Problem } from '@tmws/problems';
import type { Client } from 'pg';

/** A schema as SQL, and the tables that hold its rows. */
export interface Described {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly sequences: readonly { readonly name: string; readonly value: string; readonly called: boolean }[];
}

/** Schemas with our table of migrations. */
export async function findSchemas(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.nspname AS name FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'migrations' AND c.relkind = 'r'
     WHERE (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('name', 'checksum', 'applied_at')) = 3
       AND EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = n.oid AND o.relname = 'offsets')
     ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** @throws Problem `unsupported` when the schema has an object that a backup would lose */
export async function describeSchema(client: Client, schema: string): Promise<Described> {
  const texts = async (sql: string): Promise<string[]> =>
    (await client.query<{ sql: string }>(sql, [schema])).rows.map((row) => row.sql);
  const strange = await texts(strangeSql);
  if (strange.length > 0)
    throw new Problem(
      'unsupported',
      `schema ${schema} has what backups do not know: ${strange.slice(0, 5).join(', ')}; use pg_dump for it`,
    );
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(tablesSql, [schema]);
  const { rows: sequenceNames } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', $1::text, relname) AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = $1::text::regnamespace ORDER BY 1`,
    [schema],
  );
  const sequences = [];
  for (const { name } of sequenceNames) {
    const { rows } = await client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${name}`,
    );
    for (const row of rows) sequences.push({ name, ...row });
  }
  return {
    before: [
      `CREATE SCHEMA ${quoted(schema)}`,
      ...(await texts(sequencesSql)),
      ...(await texts(functionsSql)),
      ...(await texts(createSql)),
      ...(await texts(storageSql)),
    ],
    after: [
      ...(await texts(constraintsSql)),
      ...(await texts(indexesSql)),
      ...(await texts(foreignSql)),
      ...(await texts(triggersSql)),
    ],
    tables,
    sequences,
  };
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const here = '= $1::text::regnamespace';

const strangeSql = `
  SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table ' ELSE 'type ' END || relname AS sql
  FROM pg_class WHERE relnamespace ${here} AND relkind NOT IN ('r', 'p', 'S', 'i', 'I', 't')
  UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace ${here} AND typtype IN ('e', 'd', 'r')
  UNION ALL SELECT 'policy ' || polname FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE relnamespace ${here}
  UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxnamespace ${here}
  UNION ALL SELECT 'inherited table ' || c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE c.relnamespace ${here} AND c.relkind = 'r' AND NOT c.relispartition
  UNION ALL SELECT 'aggregate ' || proname FROM pg_proc WHERE pronamespace ${here} AND prokind NOT IN ('f', 'p')`;

const tablesSql = `
  SELECT format('%I.%I', $1::text, c.relname) AS name,
    coalesce((SELECT array_agg(quote_ident(attname)::text ORDER BY attnum) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''), '{}') AS columns
  FROM pg_class c WHERE c.relnamespace ${here} AND c.relkind = 'r' ORDER BY c.relname`;

// Those of identity columns are made with their table.
const sequencesSql = `
  SELECT format('CREATE SEQUENCE %I.%I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', $1::text, c.relname,
    format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache, CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END) AS sql
  FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
  WHERE c.relnamespace ${here} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i') ORDER BY c.relname`;

const functionsSql = `SELECT pg_get_functiondef(oid) AS sql FROM pg_proc p WHERE pronamespace ${here}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY oid`;

const columnSql = `
  (SELECT string_agg(format('%I %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
        (SELECT format(' COLLATE %I.%I', nspname, collname) FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = a.attcollation)
      ELSE '' END,
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
      CASE a.attidentity WHEN '' THEN '' ELSE (
        SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s)',
          CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, seqrelid::regclass, seqincrement, seqmin, seqmax, seqstart, seqcache,
          CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END)
        FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
        WHERE d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass LIMIT 1) END,
      CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(f.adbin, f.adrelid))
           WHEN f.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid) ELSE '' END),
    ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

// Parents before their parts: a part is deeper by one.
const createSql = `
  WITH RECURSIVE depth AS (
    SELECT c.oid, 0 AS level FROM pg_class c WHERE c.relnamespace ${here} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    UNION ALL SELECT i.inhrelid, level + 1 FROM depth JOIN pg_inherits i ON i.inhparent = depth.oid
  )
  SELECT format('CREATE %sTABLE %I.%I %s%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, $1::text, c.relname,
    CASE WHEN c.relispartition THEN format('PARTITION OF %s %s',
        (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid))
      ELSE format('(%s)', ${columnSql}) END,
    CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END,
    CASE WHEN c.reloptions IS NOT NULL THEN format(' WITH (%s)', array_to_string(c.reloptions, ', ')) ELSE '' END) AS sql
  FROM depth JOIN pg_class c ON c.oid = depth.oid ORDER BY depth.level, c.relname`;

const storageSql = `
  SELECT format('ALTER TABLE %I.%I ALTER COLUMN %I SET STORAGE %s', $1::text, c.relname, a.attname,
    CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END) AS sql
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relnamespace ${here} AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage <> t.typstorage
  ORDER BY c.relname, a.attnum`;

// Those of a parent come down to its parts. NOT NULL (kind n since Postgres 18) stands in the columns.
const ofConstraints = (kinds: string): string => `
  SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', $1::text, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE c.relnamespace ${here} AND k.contype IN (${kinds}) AND k.conparentid = 0 AND k.conislocal ORDER BY k.oid`;
const constraintsSql = ofConstraints("'p', 'u', 'c', 'x'");
const foreignSql = ofConstraints("'f'");

// That of a parent is shown as ON ONLY the parent, and would stay without those of its parts.
const indexesSql = `
  SELECT regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS sql FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
  WHERE x.relnamespace ${here} AND NOT x.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY i.indexrelid`;

const triggersSql = `SELECT pg_get_triggerdef(t.oid) AS sql FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace ${here} AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY t.oid`;
