-- How long a namespace's executions are kept, where it is not the default. days NULL: the default; 0: for ever.
CREATE TABLE {{schema}}.retention (
  namespace text PRIMARY KEY,
  days integer,
  revision bigint NOT NULL DEFAULT 1
);

-- Executions that were taken away: what was told of them before stays away, also when the log is read again.
CREATE TABLE {{schema}}.deleted (
  namespace text NOT NULL,
  id text NOT NULL,
  deleted_ns bigint NOT NULL,
  PRIMARY KEY (namespace, id)
);

CREATE INDEX executions_by_bucket ON {{schema}}.executions (bucket, namespace);
