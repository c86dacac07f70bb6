import { LogProblem } from './log-problem.ts';

/** Settings of a topic. What a topic does not set itself follows the log's defaults, also when those change. */
export interface TopicSettings {
  /** How long a record is kept after it was appended, ms; -1: for ever. */
  readonly retentionMs: number;
  /** How much of a partition is kept at least when it is cut by size; -1: it is not. */
  readonly retentionBytes: number;
  /** A segment gets no more batches above this size, and is the unit of retention. */
  readonly segmentBytes: number;
  /** Nor after this time, ms. */
  readonly segmentMs: number;
  /** The largest record batch. */
  readonly maxBatchBytes: number;
}

export const defaultTopicSettings: TopicSettings = {
  retentionMs: 7 * 24 * 60 * 60 * 1000,
  retentionBytes: -1,
  segmentBytes: 64 * 1024 * 1024,
  segmentMs: 24 * 60 * 60 * 1000,
  maxBatchBytes: 1024 * 1024 + 12, // Kafka's own default, max.message.bytes
};

const least: TopicSettings = { retentionMs: -1, retentionBytes: -1, segmentBytes: 1024, segmentMs: 1, maxBatchBytes: 61 };
const most: TopicSettings = {
  retentionMs: Number.MAX_SAFE_INTEGER,
  retentionBytes: Number.MAX_SAFE_INTEGER,
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: Number.MAX_SAFE_INTEGER,
  maxBatchBytes: 64 * 1024 * 1024,
};

/** @throws LogProblem `topic_settings` */
export function checkTopicSettings(settings: Partial<TopicSettings>): void {
  for (const [key, value] of Object.entries(settings) as [keyof TopicSettings, number][]) {
    if (Number.isSafeInteger(value) && value >= least[key] && value <= most[key]) continue;
    throw new LogProblem('topic_settings', `${key} must be a whole number from ${least[key]} to ${most[key]} (got ${value}).`, {
      field: key,
    });
  }
}

const maxPartitions = 1000;

/** @throws LogProblem `partitions` */
export function checkPartitions(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= maxPartitions) return;
  throw new LogProblem('partitions', `A topic has 1 to ${maxPartitions} partitions (got ${count}).`, { field: 'partitions' });
}

/**
 * Kafka's rule for topic names (`org.apache.kafka.common.internals.Topic`).
 * @throws LogProblem `topic_name`
 */
export function checkTopicName(name: string): void {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return;
  throw new LogProblem(
    'topic_name',
    `A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is not "." or ".." (got ${JSON.stringify(name.slice(0, 300))}).`,
    { field: 'name' },
  );
}
