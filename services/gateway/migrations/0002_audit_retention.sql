-- How many refusals a row stands for, where they came too fast for a row each.
ALTER TABLE {{schema}}.audit ADD COLUMN times bigint NOT NULL DEFAULT 1;

-- The last row that retention dropped; what is kept follows it. The chain's own row of that act says the same.
CREATE TABLE {{schema}}.audit_anchor (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO {{schema}}.audit_anchor (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- A row goes only after the anchor has moved over it.
CREATE FUNCTION {{schema}}.audit_goes_behind_the_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM {{schema}}.audit_anchor WHERE OLD.seq <= seq) THEN
    RAISE EXCEPTION 'the audit is append-only';
  END IF;
  RETURN OLD;
END $$;
DROP TRIGGER audit_append_only ON {{schema}}.audit;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON {{schema}}.audit
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.audit_is_append_only();
CREATE TRIGGER audit_kept BEFORE DELETE ON {{schema}}.audit
  FOR EACH ROW EXECUTE FUNCTION {{schema}}.audit_goes_behind_the_anchor();
