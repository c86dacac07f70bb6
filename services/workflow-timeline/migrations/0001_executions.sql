-- The read model of tmws.workflow. Child tables carry their execution's bucket (the day it was first seen), so that a day is dropped whole.
CREATE SEQUENCE {{schema}}.revision;

CREATE TABLE {{schema}}.executions (
  namespace text NOT NULL,
  id text NOT NULL,
  no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  bucket integer NOT NULL,
  -- How many facts were applied: the execution's own revision.
  seq bigint NOT NULL DEFAULT 0,
  -- Where it stands among all changes of all executions; given in the order of commits.
  revision bigint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'unknown',
  workflow_name text NOT NULL DEFAULT '',
  workflow_version text NOT NULL DEFAULT '',
  name text NOT NULL DEFAULT '',
  parent_id text NOT NULL DEFAULT '',
  -- What the execution's own events say; no word: NULL.
  word text,
  started_ns bigint,
  finished_ns bigint,
  -- What its steps say.
  first_start_ns bigint,
  last_end_ns bigint,
  error jsonb,
  step_count integer NOT NULL DEFAULT 0,
  steps_by_status jsonb NOT NULL DEFAULT '{}',
  -- The first start if known, else when it was first seen: what lists sort by.
  sort_ns bigint NOT NULL,
  PRIMARY KEY (namespace, id)
);
CREATE INDEX executions_by_start ON {{schema}}.executions (namespace, sort_ns DESC, id DESC);
CREATE INDEX executions_by_revision ON {{schema}}.executions (namespace, revision);

-- Every accepted event, redacted, in the order it was applied.
CREATE TABLE {{schema}}.facts (
  bucket integer NOT NULL,
  execution_no bigint NOT NULL,
  seq bigint NOT NULL,
  -- First 16 bytes of SHA-256 over namespace, source and id.
  event_key bytea NOT NULL,
  -- NULL: a fact about the execution itself.
  step_key bytea,
  attempt integer,
  type text NOT NULL,
  time_ns bigint NOT NULL,
  source text NOT NULL,
  event_id text NOT NULL,
  doc jsonb NOT NULL,
  PRIMARY KEY (bucket, execution_no, seq),
  UNIQUE (bucket, event_key)
) PARTITION BY RANGE (bucket);

-- The few facts about executions themselves.
CREATE INDEX facts_own ON {{schema}}.facts (bucket, execution_no) WHERE step_key IS NULL;

-- What the facts of one attempt amount to. Attempt 0 is a step that was only planned.
CREATE TABLE {{schema}}.attempts (
  bucket integer NOT NULL,
  execution_no bigint NOT NULL,
  step_key bytea NOT NULL,
  attempt integer NOT NULL,
  step_id text NOT NULL,
  path jsonb NOT NULL,
  iteration integer NOT NULL,
  status text NOT NULL,
  ready_ns bigint,
  queued_ns bigint,
  start_ns bigint,
  end_ns bigint,
  -- Name, kind, waits, dependencies, resource, usage, error: what is shown but never searched.
  doc jsonb NOT NULL,
  fact_seqs bigint[] NOT NULL,
  PRIMARY KEY (bucket, execution_no, step_key, attempt)
) PARTITION BY RANGE (bucket);
