import { Problem, problemDocument, type ProblemDocument, type ProblemKind } from '@tmws/problems';

/** What the process ends with. `tmws help exit-codes` shows them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  conflict: 5,
  limited: 6,
  unreachable: 7,
  partly: 8,
  interrupted: 130,
} as const;

const codesByKind: Readonly<Record<ProblemKind, number>> = {
  invalid: exitCodes.usage,
  precondition: exitCodes.conflict,
  unauthenticated: exitCodes.notAllowed,
  forbidden: exitCodes.notAllowed,
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  stale: exitCodes.conflict,
  limited: exitCodes.limited,
  unavailable: exitCodes.unreachable,
  timeout: exitCodes.unreachable,
  too_large: exitCodes.failed,
  unsupported: exitCodes.failed,
  internal: exitCodes.failed,
};

/** A problem as the person sees it: ours or the server's, what to do about it, and the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: ProblemDocument;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(problem: ProblemDocument, hint?: string, exitCode = codesByKind[problem.kind] as number | undefined) {
    super(problem.detail);
    this.problem = problem;
    this.hint = hint;
    this.exitCode = exitCode ?? exitCodes.failed;
  }

  static of(kind: ProblemKind, detail: string, hint?: string, exitCode?: number): Failure {
    return new Failure(problemDocument(new Problem(kind, detail)), hint, exitCode);
  }
}

/** The failure as lines for a person. */
export function failureText({ problem, hint }: Failure): string {
  const ids = [problem.requestId, problem.traceId].filter((id) => id !== undefined);
  const trail = problem.kind === 'internal' && ids.length > 0 ? `  request: ${ids.join(', trace: ')}\n` : '';
  return `tmws: ${problem.detail}\n${trail}${hint === undefined ? '' : `  hint: ${hint}\n`}`;
}

/** The failure as one JSON object: the problem document with the exit code and the hint. */
export function failureJson({ problem, hint, exitCode }: Failure): string {
  return `${JSON.stringify({ ...problem, code: exitCode, ...(hint !== undefined && { hint }) })}\n`;
}
