-- Of an execution that failed: the step that failed first and stayed so, and what was said of it. Rows of before have none; a rebuild gives it.
ALTER TABLE {{schema}}.executions ADD COLUMN first_failure jsonb;

-- Deletions stand among all changes, so that those who watch a list hear of them. 0: deleted before that was so.
ALTER TABLE {{schema}}.deleted ADD COLUMN revision bigint NOT NULL DEFAULT 0;
CREATE INDEX deleted_by_revision ON {{schema}}.deleted (namespace, revision) WHERE revision > 0;
