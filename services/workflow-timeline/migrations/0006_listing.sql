-- Failures, so that they are found among many that did not fail. An execution enters it once, when it fails: no cost while it runs.
CREATE INDEX executions_failed ON {{schema}}.executions (namespace, sort_ns DESC, id DESC) WHERE status IN ('failed', 'timed_out');
