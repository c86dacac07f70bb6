-- A file that is imported after one of its executions was deleted brings it back: the deletion counts no longer, but it stays known.
ALTER TABLE {{schema}}.deleted ADD COLUMN lifted boolean NOT NULL DEFAULT false;
