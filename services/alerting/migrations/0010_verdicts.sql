-- What people said of alerts that rules made: one verdict for each occurrence.
CREATE TABLE {{schema}}.verdicts (
  namespace text NOT NULL,
  fingerprint text NOT NULL,
  starts_ms bigint NOT NULL,
  rule text NOT NULL,
  -- true_positive or false_positive
  verdict text NOT NULL,
  judged_by text NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (namespace, fingerprint, starts_ms)
);
CREATE INDEX verdicts_of_rule ON {{schema}}.verdicts (namespace, rule);
CREATE INDEX verdicts_false ON {{schema}}.verdicts (namespace, at_ms) WHERE verdict = 'false_positive';
