// Failures that share a cause, as far as is told: the same step, the same type of error and the same message, but for what differs from
// run to run.

/** What is known of one failed execution. */
export interface Failure {
  readonly id: string;
  readonly status: string;
  /** What failed first; empty where that is not known. */
  readonly step: string;
  /** Of the execution, or where it told none of that step. */
  readonly errorType: string;
  readonly message: string;
  /** When it ended, or began where no end is known; ns since the epoch. */
  readonly atNs: bigint;
}

export interface FailureGroup {
  /** Their step's name in pieces; between two of them stood numbers that differ. One piece: they all have that one. */
  readonly step: readonly string[];
  readonly errorType: string;
  /** The pieces of the message that all share; between two of them stood something that differs. */
  readonly pieces: readonly string[];
  /** The statuses of its executions. */
  readonly statuses: readonly string[];
  readonly count: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  /** The latest, at most 5. */
  readonly examples: readonly string[];
}

// A word that holds a digit (a number, an id, hex, a time), and what a dot, comma, colon or plus ties to it.
const differing = /(?<![\w-])(?=[\w-]*\d)[\w-]+(?:[.,:+](?=[\w-]*\d)[\w-]+)*/g;
const maxMessage = 240;
const maxPieces = 12;

/**
 * A message without what differs from run to run: ids, times, numbers.
 *
 *   N1  the pieces occur in the message, in order, without overlap
 *   N2  messages that differ in digits alone have the same pieces
 *
 * @returns the pieces between; of a long message only its beginning counts
 */
export function piecesOf(message: string): string[] {
  const [line = ''] = message.trimStart().slice(0, maxMessage).split('\n', 1);
  const pieces = line.split(differing);
  const kept = pieces.slice(0, maxPieces);
  // A message that goes on after what counts may go on in any way.
  return kept.length < pieces.length || line.length < message.trim().length ? [...kept, ''] : kept;
}

/** Steps of one loop have numbers in their names. */
const stepPieces = (step: string): string[] => step.split(/\d+/);

/** Groups, the largest first; of equal ones the one that failed last. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  const piecesByMessage = new Map<string, string[]>();
  const keyOf = ({ step, errorType, message }: Failure): string => {
    const pieces = piecesByMessage.get(message) ?? piecesOf(message);
    piecesByMessage.set(message, pieces);
    return JSON.stringify([stepPieces(step), errorType, pieces]);
  };
  const groups = [...Map.groupBy(failures, keyOf).values()].map((members): FailureGroup => {
    const latest = members.toSorted((a, b) => (a.atNs === b.atNs ? 0 : a.atNs < b.atNs ? 1 : -1));
    const [first = failures[0]] = latest;
    const step = first?.step ?? '';
    return {
      step: latest.every((each) => each.step === step) ? [step] : stepPieces(step),
      errorType: first?.errorType ?? '',
      pieces: piecesByMessage.get(first?.message ?? '') ?? [],
      statuses: [...new Set(latest.map(({ status }) => status))].toSorted(),
      count: latest.length,
      firstNs: latest.at(-1)?.atNs ?? 0n,
      lastNs: first?.atNs ?? 0n,
      examples: latest.slice(0, 5).map(({ id }) => id),
    };
  });
  return groups.toSorted((a, b) => b.count - a.count || (a.lastNs < b.lastNs ? 1 : -1));
}
