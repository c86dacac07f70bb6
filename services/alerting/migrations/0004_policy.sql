-- What a policy remembers of an alert, and when time alone may change something of it.
ALTER TABLE {{schema}}.alerts ADD COLUMN handling text;
ALTER TABLE {{schema}}.alerts ADD COLUMN due_ms bigint;
CREATE INDEX alerts_due ON {{schema}}.alerts (due_ms) WHERE due_ms IS NOT NULL;
