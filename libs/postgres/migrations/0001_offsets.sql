-- Where each consumer stands, written in the transaction of the effects.
CREATE TABLE {{schema}}.offsets (
  consumer text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (consumer, topic, partition)
);
