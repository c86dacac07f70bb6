-- The dead letter that a message sends again, and the digest that a message went in.
ALTER TABLE {{schema}}.notifications ADD COLUMN replay_of uuid;
ALTER TABLE {{schema}}.notifications ADD COLUMN digest uuid;
-- Until the digest is sent or dead it is on its way as those that are sent are.
CREATE INDEX notifications_in_digest ON {{schema}}.notifications (group_no) WHERE status = 'digested' AND finished_ms IS NULL;
CREATE INDEX notifications_of_digest ON {{schema}}.notifications (digest) WHERE digest IS NOT NULL;
-- What waits for one integration, and what is given up.
CREATE INDEX notifications_waiting ON {{schema}}.notifications (receiver, integration, due_ms) WHERE status = 'pending';
CREATE INDEX notifications_dead ON {{schema}}.notifications (finished_ms) WHERE status = 'dead';

-- Of alerts that several routes tell: which occurrences a person was told of, so that the first time counts once.
CREATE TABLE {{schema}}.first_tellings (
  namespace text NOT NULL,
  fingerprint text NOT NULL,
  fired_ms bigint NOT NULL,
  PRIMARY KEY (namespace, fingerprint, fired_ms)
);
CREATE INDEX first_tellings_by_time ON {{schema}}.first_tellings (fired_ms);
