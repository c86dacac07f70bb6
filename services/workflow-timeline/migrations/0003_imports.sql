-- Long work, of which imports are the first kind. Who does it holds a lease; a replica that died loses it.
CREATE TABLE {{schema}}.operations (
  namespace text NOT NULL,
  -- Of an import: the import's id, in which the namespace is.
  id text PRIMARY KEY,
  kind text NOT NULL,
  -- queued, running, done, failed or cancelled.
  status text NOT NULL,
  name text NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  unit text NOT NULL,
  created_ms bigint NOT NULL,
  started_ms bigint,
  changed_ms bigint,
  finished_ms bigint,
  problem jsonb,
  cancelling boolean NOT NULL DEFAULT false,
  -- Its file stays, whatever becomes of this run: it may have been imported before.
  again boolean NOT NULL DEFAULT false,
  owner text,
  lease_until timestamptz
);
CREATE INDEX operations_by_age ON {{schema}}.operations (namespace, created_ms DESC, id DESC);
CREATE INDEX operations_open ON {{schema}}.operations (created_ms) WHERE status IN ('queued', 'running');

-- Files that were imported.
CREATE TABLE {{schema}}.imports (
  namespace text NOT NULL,
  id text PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  format text NOT NULL,
  execution_count integer NOT NULL,
  step_count integer NOT NULL,
  -- The first thousand.
  executions jsonb NOT NULL,
  imported_ms bigint NOT NULL
);
CREATE INDEX imports_by_age ON {{schema}}.imports (namespace, imported_ms DESC, id DESC);

-- Executions of a file that is being imported, whose rows lie in facts and attempts already and are seen by nobody.
CREATE TABLE {{schema}}.import_staging (
  import_id text NOT NULL,
  bucket integer NOT NULL,
  execution_no bigint NOT NULL,
  PRIMARY KEY (import_id, execution_no)
);

-- The files themselves, on a server; the embedded database has them in a folder beside it.
CREATE TABLE {{schema}}.import_files (
  id text PRIMARY KEY,
  about jsonb NOT NULL
);
CREATE TABLE {{schema}}.import_chunks (
  id text NOT NULL REFERENCES {{schema}}.import_files ON DELETE CASCADE,
  n integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (id, n)
);
-- They are compressed already.
ALTER TABLE {{schema}}.import_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
