// Executions as CSV (RFC 4180). A spreadsheet takes a cell that begins with = + - @ for a formula; such cells get an apostrophe before
// them (OWASP, "CSV Injection"), which spreadsheets show as text.
import type { Execution } from '@tmws/contracts';

const columns: readonly (readonly [string, (execution: Execution) => string | number | bigint | undefined])[] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['workflow', ({ workflow }) => workflow?.name],
  ['version', ({ workflow }) => workflow?.version],
  ['status', ({ status }) => status],
  ['startedAt', ({ startedAt }) => startedAt],
  ['finishedAt', ({ finishedAt }) => finishedAt],
  ['durationNs', ({ makespanNs }) => makespanNs],
  ['steps', ({ stepCount }) => stepCount],
  ['stepsFailed', ({ stepsByStatus }) => (stepsByStatus.failed ?? 0) + (stepsByStatus.timed_out ?? 0)],
  // As the query language has them: of an execution that told no error that of its first failed step.
  ['errorType', ({ error, firstFailure }) => (error ?? firstFailure?.error)?.type],
  ['errorMessage', ({ error, firstFailure }) => (error ?? firstFailure?.error)?.message],
  ['parentExecutionId', ({ parentExecutionId }) => parentExecutionId],
  ['origin', ({ origin }) => origin?.format],
  ['failedAt', ({ firstFailure }) => firstFailure?.step],
];

/** The line that names the columns. */
export const csvHeader = `${columns.map(([name]) => name).join(',')}\r\n`;

/** One line. */
export function csvLine(execution: Execution): string {
  return `${columns.map(([, value]) => csvCell(value(execution))).join(',')}\r\n`;
}

/** A cell: numbers as they are, texts harmless and in quotes where they need them. */
export function csvCell(value: string | number | bigint | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // Also where white space stands before it: some programs cut that off.
  const harmless = /^\s*[=+\-@＝＋－＠]|^[\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
