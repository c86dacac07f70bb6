-- Credentials and the audit. Times are ms (audit: ns) since the epoch.
CREATE TABLE {{schema}}.keys (
  prefix text PRIMARY KEY,
  hash bytea NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  namespaces text[] NOT NULL,
  created_ms bigint NOT NULL,
  created_by text NOT NULL,
  expires_ms bigint,
  revoked_ms bigint,
  last_used_ms bigint
);

CREATE TABLE {{schema}}.sessions (
  hash bytea PRIMARY KEY,
  principal jsonb NOT NULL,
  seen_ms bigint NOT NULL,
  expires_ms bigint NOT NULL
);
CREATE INDEX sessions_expiry ON {{schema}}.sessions (expires_ms);

-- Each row's hash is over the hash of the row before and the row itself; the head knows the last one, so a cut end shows too.
CREATE TABLE {{schema}}.audit (
  seq bigint PRIMARY KEY,
  at_ns bigint NOT NULL,
  type text NOT NULL,
  principal text NOT NULL,
  by text NOT NULL,
  credential text NOT NULL,
  source_ip text NOT NULL,
  user_agent text NOT NULL,
  method text NOT NULL,
  reason text NOT NULL,
  resource text NOT NULL,
  namespace text NOT NULL,
  hash bytea NOT NULL
);
CREATE TABLE {{schema}}.audit_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO {{schema}}.audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION {{schema}}.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.audit
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.audit_is_append_only();
