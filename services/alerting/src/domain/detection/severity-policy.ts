// How bad an alert of a rule is: what the rule says, as far as it may say so.
import type { RuleLevel, RunningRule } from './hit.ts';

export type RuleSeverity = 'info' | 'warning' | 'high' | 'critical';

const said: Readonly<Record<RuleLevel, RuleSeverity>> = {
  informational: 'info',
  low: 'info',
  medium: 'warning',
  high: 'high',
  critical: 'critical',
};

/** A verdict that a rule was wrong holds it down for so long. */
export const disputedForMs = 30 * 86_400_000;

/**
 * The severity of a rule's alerts, and why it is less than the rule says; '' = it is not.
 *
 *   P1  critical is only said by a rule that is deterministic and stable, and that nobody found wrong lately
 *   P2  a rule that weighs amounts against what is usual says at most warning
 *   P3  a stable rule that was found wrong, and a rule that is not stable, say at most high
 *
 * @param disputed  an alert of it was judged false within `disputedForMs`
 */
export function severityOf(
  { level, status, statistical }: Pick<RunningRule, 'level' | 'status' | 'statistical'>,
  disputed: boolean,
): { severity: RuleSeverity; reason: string } {
  const severity = said[level];
  if (statistical && (severity === 'high' || severity === 'critical'))
    return { severity: 'warning', reason: 'it compares amounts with what is usual: such a rule says at most warning' };
  if (severity !== 'critical') return { severity, reason: '' };
  if (status !== 'stable') {
    const is = status === '' ? 'it has no status' : `its status is ${status}`;
    return { severity: 'high', reason: `${is}: only stable rules say critical` };
  }
  if (disputed) return { severity: 'high', reason: 'an alert of it was judged false within 30 days' };
  return { severity, reason: '' };
}
