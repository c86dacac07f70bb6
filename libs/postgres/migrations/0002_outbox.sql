-- Records on their way to Kafka, written in the transaction of their cause, gone when the broker has them.
CREATE TABLE {{schema}}.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key bytea,
  headers jsonb NOT NULL,
  value bytea
);
