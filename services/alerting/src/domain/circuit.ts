// The circuit of one receiver's integration: after failures in a row it is left alone for a time that grows.
//
//   closed ──5 failures in a row──▶ open ──its time is over──▶ half_open (one message is tried)
//     ▲                               ▲                            │
//     └────────────── it answers ─────┼────────────────────────────┤
//                                     └──────────── it fails ──────┘
//
// Source of the pattern: M. Nygard, "Release It!", "Circuit Breaker".

export interface Circuit {
  /** In a row. */
  readonly failures: number;
  /** How often it opened since the receiver last answered. */
  readonly opened: number;
  /** Left alone until then; undefined: closed. */
  readonly untilMs: number | undefined;
  /** When the message that is tried in half_open was let through; undefined: none is. */
  readonly probedMs: number | undefined;
}

export type CircuitState = 'closed' | 'open' | 'half_open';

export const closedCircuit: Circuit = { failures: 0, opened: 0, untilMs: undefined, probedMs: undefined };

export const failuresToOpen = 5;
const firstOpenMs = 5_000;
/** A receiver that is back is noticed within a minute, however long it was away. */
const longestOpenMs = 60_000;
/** A probe of which nothing was heard for so long is lost. Sinks answer in less. */
export const probePatienceMs = 30_000;

/** At `nowMs`. A clock that was set back does not keep it open for longer than it may be. */
export function circuitState({ untilMs }: Circuit, nowMs: number): CircuitState {
  if (untilMs === undefined) return 'closed';
  return nowMs < untilMs && untilMs - nowMs <= longestOpenMs ? 'open' : 'half_open';
}

/** Whether a message may be tried now. The circuit that comes back has it as its probe, where it is one. */
export function tryThrough(circuit: Circuit, nowMs: number): Circuit | undefined {
  switch (circuitState(circuit, nowMs)) {
    case 'closed':
      return circuit;
    case 'open':
      return undefined;
    case 'half_open': {
      const { probedMs } = circuit;
      if (probedMs !== undefined && nowMs >= probedMs && nowMs - probedMs < probePatienceMs) return undefined;
      return { ...circuit, probedMs: nowMs };
    }
  }
}

/**
 * What becomes of it after an attempt.
 *
 *   C1  an answer of any kind closes it: who refuses one message lives
 *   C2  the fifth failure in a row opens it, and a probe that fails opens it again, for twice as long: 5 s to a minute
 *   C3  failures that come while it is open, of messages that were under way, change nothing
 *
 * @param random  0 to 1: takes up to a fifth off the time, so that replicas do not come back together
 */
export function afterAttempt(circuit: Circuit, answered: boolean, nowMs: number, random: number): Circuit {
  if (answered) return closedCircuit;
  const state = circuitState(circuit, nowMs);
  if (state === 'open') return circuit;
  const failures = circuit.failures + 1;
  if (state === 'closed' && failures < failuresToOpen) return { ...circuit, failures };
  const most = Math.min(longestOpenMs, firstOpenMs * 2 ** Math.min(20, circuit.opened));
  const untilMs = nowMs + most * (1 - random / 5);
  return { failures, opened: circuit.opened + 1, untilMs, probedMs: undefined };
}
