-- Executions told by spans are open until they were silent for a while; imported ones say where they come from.
ALTER TABLE {{schema}}.executions
  ADD COLUMN traced boolean NOT NULL DEFAULT false,
  ADD COLUMN heard_ms bigint NOT NULL DEFAULT 0,
  ADD COLUMN origin jsonb;

-- Those that silence may settle.
CREATE INDEX executions_traced_open ON {{schema}}.executions (heard_ms) WHERE traced AND word IS NULL AND status = 'running';
