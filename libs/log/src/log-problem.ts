import { Problem, type ProblemKind, type ProblemOptions } from '@tmws/problems';

/** What the log refuses and why, so that a wire can say it in its own codes. */
export type LogReason =
  | 'topic_exists'
  | 'topic_unknown'
  | 'topic_name'
  | 'topic_settings'
  | 'partitions'
  | 'offset_out_of_range'
  | 'corrupt_batch'
  | 'batch_format'
  | 'batch_too_large'
  | 'sequence_gap'
  | 'sequence_known'
  | 'producer_epoch'
  | 'disk_low'
  | 'disk_failed'
  | 'closed';

const kinds: Readonly<Record<LogReason, ProblemKind>> = {
  topic_exists: 'conflict',
  topic_unknown: 'not_found',
  topic_name: 'invalid',
  topic_settings: 'invalid',
  partitions: 'invalid',
  offset_out_of_range: 'invalid',
  corrupt_batch: 'internal',
  batch_format: 'invalid',
  batch_too_large: 'too_large',
  sequence_gap: 'precondition',
  sequence_known: 'conflict',
  producer_epoch: 'precondition',
  disk_low: 'unavailable',
  disk_failed: 'unavailable',
  closed: 'unavailable',
};

/** A refusal of the log. Its kind follows from `reason`. */
export class LogProblem extends Problem {
  readonly reason: LogReason;

  constructor(reason: LogReason, message: string, options: ProblemOptions = {}) {
    super(kinds[reason], message, options);
    this.reason = reason;
  }
}
