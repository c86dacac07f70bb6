-- Of each integration: the last message that was sent, and the last that failed.
CREATE INDEX notifications_sent ON {{schema}}.notifications (namespace, receiver, integration, finished_ms) WHERE status = 'sent';
CREATE INDEX notifications_failed ON {{schema}}.notifications (namespace, receiver, integration, created_ms) WHERE error <> '';
