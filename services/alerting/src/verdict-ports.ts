// What people say of alerts that rules made, and what is counted of it.

export const verdicts = ['true_positive', 'false_positive'] as const;
export type VerdictWord = (typeof verdicts)[number];

/** On one occurrence of an alert; the last one counts. */
export interface Verdict {
  readonly namespace: string;
  readonly fingerprint: string;
  /** When the occurrence began. */
  readonly startsAtMs: number;
  /** The id of the rule that made it. */
  readonly rule: string;
  /** '' = it is taken back. */
  readonly verdict: VerdictWord | '';
  readonly by: string;
  readonly atMs: number;
}

export interface VerdictCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  /** One was judged false since the time asked for. */
  readonly disputed: boolean;
}

export interface VerdictWriting {
  judge(given: readonly Verdict[]): Promise<void>;
  /** By namespace: rules of which an alert was judged false since then, by id; a namespace without any is not in it. */
  disputedRules(namespaces: readonly string[], sinceMs: number): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

export interface VerdictReads {
  /** By rule, of the namespace. */
  verdictCounts(namespace: string, disputedSinceMs: number): Promise<ReadonlyMap<string, VerdictCounts>>;
}
