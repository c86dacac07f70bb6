import { labelValue } from '../domain/label-set.ts';
import { passesCounted, type ReadFilter } from './alert-filter.ts';
import type { FiringAlert, FiringView } from './firing-alerts.ts';

export interface AlertCounts {
  readonly firing: number;
  readonly active: number;
  readonly suppressed: number;
  readonly damped: number;
  readonly acknowledged: number;
  /** '' = without a severity. */
  readonly bySeverity: Readonly<Record<string, number>>;
}

/** Of all that fires and passes the filter, whatever state it is in and whether or not somebody acknowledged it. */
export function countAlerts(view: FiringView, filter: ReadFilter): AlertCounts {
  const counts = { active: 0, suppressed: 0, damped: 0, acknowledged: 0 };
  const bySeverity = new Map<string, number>();
  const passing = view.alerts.filter((each: FiringAlert) => passesCounted(filter, each));
  for (const { alert, state } of passing) {
    counts[state]++;
    if (alert.acknowledged !== undefined) counts.acknowledged++;
    const severity = labelValue(alert.labels, 'severity');
    bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  }
  return { firing: passing.length, ...counts, bySeverity: Object.fromEntries(bySeverity) };
}
