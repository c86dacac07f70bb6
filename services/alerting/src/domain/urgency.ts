import type { LabelSet } from './label-set.ts';
import { labelValue } from './label-set.ts';
import { type Matcher, matchesAll } from './matcher.ts';

/** Alerts that wait for nobody: those that match, and whatever calls itself critical. Without matchers: only these. */
export const isUrgent = (labels: LabelSet, urgent: readonly Matcher[]): boolean =>
  labelValue(labels, 'severity').toLowerCase() === 'critical' || (urgent.length > 0 && matchesAll(urgent, labels));
