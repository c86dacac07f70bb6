-- What a sink has done already of a message that is not sent yet, for its next attempt; the sink's own words.
ALTER TABLE {{schema}}.notifications ADD COLUMN progress text NOT NULL DEFAULT '';
