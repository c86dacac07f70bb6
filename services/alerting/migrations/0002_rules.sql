-- What rules remember of the events they have seen, written in the transaction that moves the offsets.
CREATE TABLE {{schema}}.rule_states (
  rule text NOT NULL,
  key text NOT NULL,
  doc text NOT NULL,
  seen_ms bigint NOT NULL,
  PRIMARY KEY (rule, key)
);
CREATE INDEX rule_states_by_time ON {{schema}}.rule_states (rule, seen_ms);
