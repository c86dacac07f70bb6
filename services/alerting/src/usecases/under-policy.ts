import { handle } from '../domain/handling.ts';
import { type Matcher, matchesAll } from '../domain/matcher.ts';
import { type AlertPolicy, noPolicy, rulesFor } from '../domain/policy.ts';
import { formatPrometheusDuration } from '../domain/prometheus-duration.ts';
import type { HistoryEntry, KnownAlert } from '../ports.ts';

/** What a policy makes of an alert. */
export interface UnderPolicy {
  readonly alert: KnownAlert;
  readonly entries: readonly HistoryEntry[];
  /** Its groups are to hear of it: it fired, or was held until then. */
  readonly counts: boolean;
}

/**
 * An alert after it arrived, ended, or time went on, as the policy in force has it.
 *
 * @param fired  an occurrence began with this
 * @param urgent  alerts that match are never held
 */
export function underPolicy(
  alert: KnownAlert,
  fired: boolean,
  policy: AlertPolicy,
  urgent: readonly Matcher[],
  nowMs: number,
): UnderPolicy {
  if (policy === noPolicy && alert.handling === undefined) return { alert, entries: [], counts: fired };
  const rules = rulesFor(policy, alert.labels);
  const isUrgent = urgent.length > 0 && matchesAll(urgent, alert.labels);
  const { handling, released, flapping, changes } = handle(alert, { fired, urgent: isUrgent }, rules, nowMs);
  const { namespace, fingerprint } = alert;
  const window = formatPrometheusDuration(rules.damping?.flapping?.windowMs ?? 0);
  const entry = (kind: HistoryEntry['kind'], text: string): HistoryEntry[] => [
    { namespace, fingerprint, atMs: nowMs, kind, doc: { text, changes } },
  ];
  return {
    alert: { ...alert, handling },
    entries: [
      ...(flapping === 'began'
        ? entry('flapping', `it changed ${changes} times in ${window}: its changes are not told until it is calm`)
        : []),
      ...(flapping === 'ended' ? entry('calm', 'it changes seldom enough to be told again') : []),
    ],
    counts: released || (fired && handling?.damping?.heldUntilMs === undefined),
  };
}
