// Escalation: if nobody acknowledges an alert in time, the next people hear of it.

/** After `afterMs` without acknowledgement since the step before (or since it fired), `receiver` is told. */
export interface EscalationStep {
  readonly afterMs: number;
  readonly receiver: string;
}

/** How far an alert's escalation is. `step` steps were taken, the last at `sinceMs`; before the first it is when the alert fired. */
export interface EscalationState {
  readonly step: number;
  readonly sinceMs: number;
}

export type EscalationDecision =
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'escalate'; readonly receiver: string; readonly state: EscalationState; readonly reason: string }
  | { readonly kind: 'stop'; readonly reason: 'acknowledged' | 'resolved' | 'no further step' };

/**
 * What happens now.
 *
 *   X1  each step is taken at most once, in order, and never before its deadline
 *   X2  whoever was away past several deadlines takes one step now; the next counts from now, so nobody is paged twice at once
 *   X3  acknowledged or resolved: no further step
 */
export function escalate(
  steps: readonly EscalationStep[],
  state: EscalationState,
  alert: { readonly acknowledged: boolean; readonly resolved: boolean },
  nowMs: number,
): EscalationDecision {
  if (alert.resolved) return { kind: 'stop', reason: 'resolved' };
  if (alert.acknowledged) return { kind: 'stop', reason: 'acknowledged' };
  const next = steps[state.step];
  if (next === undefined) return { kind: 'stop', reason: 'no further step' };
  const untilMs = state.sinceMs + next.afterMs;
  if (nowMs < untilMs) return { kind: 'wait', untilMs };
  const reason = `nobody acknowledged it by step ${state.step + 1} of ${steps.length}`;
  return { kind: 'escalate', receiver: next.receiver, state: { step: state.step + 1, sinceMs: nowMs }, reason };
}
