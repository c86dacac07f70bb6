-- One writer at a time gives revisions, under a lock that lasts to its commit: who saw one has seen all before it.
CREATE SEQUENCE {{schema}}.revision;

-- What is known of each label set now.
CREATE TABLE {{schema}}.alerts (
  namespace text NOT NULL,
  fingerprint text NOT NULL,
  labels text NOT NULL,
  annotations text NOT NULL,
  generator_url text NOT NULL,
  starts_ms bigint NOT NULL,
  ends_ms bigint NOT NULL,
  updated_ms bigint NOT NULL,
  -- The end was made by resolve_timeout.
  timeout boolean NOT NULL,
  -- What history says last, and since when: firing or resolved.
  told text NOT NULL,
  told_ms bigint NOT NULL,
  acknowledged text,
  assignee text NOT NULL DEFAULT '',
  revision bigint NOT NULL,
  PRIMARY KEY (namespace, fingerprint)
);
CREATE INDEX alerts_by_revision ON {{schema}}.alerts (revision);
CREATE INDEX alerts_firing_until ON {{schema}}.alerts (ends_ms) WHERE told = 'firing';
CREATE INDEX alerts_resolved_since ON {{schema}}.alerts (told_ms) WHERE told = 'resolved';

CREATE TABLE {{schema}}.silences (
  id uuid PRIMARY KEY,
  namespace text NOT NULL,
  matchers text NOT NULL,
  starts_ms bigint NOT NULL,
  ends_ms bigint NOT NULL,
  updated_ms bigint NOT NULL,
  created_by text NOT NULL,
  comment text NOT NULL,
  revision bigint NOT NULL
);
CREATE INDEX silences_by_revision ON {{schema}}.silences (revision);

-- Everything that happened to an alert, never changed, dropped by the day (days since the epoch).
CREATE TABLE {{schema}}.history (
  bucket integer NOT NULL,
  no bigint GENERATED ALWAYS AS IDENTITY,
  namespace text NOT NULL,
  fingerprint text NOT NULL,
  at_ms bigint NOT NULL,
  kind text NOT NULL,
  doc text NOT NULL,
  PRIMARY KEY (bucket, no)
) PARTITION BY RANGE (bucket);
CREATE INDEX history_of_alert ON {{schema}}.history (namespace, fingerprint, at_ms, no);
CREATE INDEX history_by_time ON {{schema}}.history (namespace, at_ms, no);

-- Alerts that are told together, when they are looked at next, and what each integration of the receiver was told last.
CREATE TABLE {{schema}}.groups (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text NOT NULL,
  -- The route's id and the group's labels: the group key may be that of two routes.
  route_id text NOT NULL,
  group_key text NOT NULL,
  labels text NOT NULL,
  flush_ms bigint NOT NULL,
  flushed_ms bigint,
  notified text NOT NULL DEFAULT '{}',
  UNIQUE (namespace, route_id, group_key)
);
CREATE INDEX groups_due ON {{schema}}.groups (flush_ms);

-- The ledger: a row for each notification to one integration.
CREATE TABLE {{schema}}.notifications (
  id uuid PRIMARY KEY,
  namespace text NOT NULL,
  group_no bigint NOT NULL,
  group_key text NOT NULL,
  receiver text NOT NULL,
  -- kind/index in its receiver: slack/0
  integration text NOT NULL,
  -- pending, sending, sent, dead, superseded
  status text NOT NULL,
  reason text NOT NULL,
  doc text NOT NULL,
  firing text NOT NULL,
  resolved text NOT NULL,
  created_ms bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_ms bigint NOT NULL,
  -- Who sends it and until when nobody else does; each taking is an epoch of its own, so that a late answer of an earlier one is known.
  owner text,
  lease_until timestamptz,
  epoch integer NOT NULL DEFAULT 0,
  error text NOT NULL DEFAULT '',
  receipt text NOT NULL DEFAULT '',
  finished_ms bigint
);
-- At most one is on its way to an integration of a group.
CREATE UNIQUE INDEX notifications_open ON {{schema}}.notifications (group_no, integration) WHERE status IN ('pending', 'sending');
CREATE INDEX notifications_due ON {{schema}}.notifications (due_ms) WHERE status = 'pending';
CREATE INDEX notifications_leased ON {{schema}}.notifications (lease_until) WHERE status = 'sending';
CREATE INDEX notifications_by_time ON {{schema}}.notifications (namespace, created_ms DESC, id);
