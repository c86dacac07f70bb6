-- The last message about a group.
CREATE INDEX notifications_of_group ON {{schema}}.notifications (group_no, created_ms DESC);
