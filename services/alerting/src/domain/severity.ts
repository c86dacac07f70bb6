// How bad an alert is, by its label `severity`.
import { type LabelSet, labelValue } from './label-set.ts';

const ranks: ReadonlyMap<string, number> = new Map([
  ['critical', 0],
  ['error', 1],
  ['high', 1],
  ['warning', 2],
  ['info', 3],
  ['low', 3],
]);
const otherRank = 4;
const noneRank = 5;

/** The worst first: critical 0, error and high 1, warning 2, info and low 3, any other word 4, none 5. */
export function severityRank(labels: LabelSet): number {
  const severity = labelValue(labels, 'severity');
  return severity === '' ? noneRank : (ranks.get(severity.toLowerCase()) ?? otherRank);
}
