// How bad: a shape, a word and a tone. Rules may use words of their own; these are still shown, after those this page knows.
import type { Tone } from './status.ts';

export type SeverityShape = 'octagon' | 'diamond' | 'triangle' | 'disc' | 'ring';

export interface SeverityLook {
  readonly word: string;
  readonly shape: SeverityShape;
  readonly tone: Tone;
  /** The least is the worst. */
  readonly rank: number;
}

const looks: Readonly<Record<string, Omit<SeverityLook, 'word'>>> = {
  critical: { shape: 'octagon', tone: 'bad', rank: 0 },
  page: { shape: 'octagon', tone: 'bad', rank: 0 },
  error: { shape: 'diamond', tone: 'retrying', rank: 1 },
  high: { shape: 'diamond', tone: 'retrying', rank: 1 },
  warning: { shape: 'triangle', tone: 'waiting', rank: 2 },
  info: { shape: 'disc', tone: 'active', rank: 3 },
};

/** The look of a severity; one this page does not know shows its own word. */
export function severityLook(severity: string): SeverityLook {
  const word = severity === '' ? 'no severity' : severity;
  return { word, ...(looks[severity.toLowerCase()] ?? { shape: 'ring', tone: 'quiet', rank: 4 }) };
}

/** Severities with how many there are, the worst first. @param always  told of also where there are none */
export function bySeverity(
  counts: Readonly<Record<string, number>>,
  always: readonly string[] = [],
): { severity: string; count: number }[] {
  return Object.entries(counts)
    .map(([severity, count]) => ({ severity, count }))
    .filter(({ severity, count }) => count > 0 || always.includes(severity))
    .toSorted((a, b) => severityLook(a.severity).rank - severityLook(b.severity).rank || (a.severity < b.severity ? -1 : 1));
}
