// Flap damping: an alert that fires and resolves too often is told once as flapping, then not until it is calm.

/** When an alert changed between firing and resolved, and whether it is held to be flapping. */
export interface FlapState {
  /** ms, in order, no older than the window. */
  readonly changesMs: readonly number[];
  readonly flapping: boolean;
}

/** `raiseAt` changes within the window begin flapping; it ends at `clearAt` or fewer. 0 <= clearAt < raiseAt. */
export interface FlapRules {
  readonly windowMs: number;
  readonly raiseAt: number;
  readonly clearAt: number;
}

export interface FlapDecision {
  readonly state: FlapState;
  /** `began` and `ended` are worth telling, once each. */
  readonly change: 'began' | 'ended' | 'none';
  /** Changes within the window. */
  readonly score: number;
}

export const calm: FlapState = { changesMs: [], flapping: false };

/**
 * The state at `nowMs`, after a change (`changed`) or only because time went on.
 *
 *   P1  score = changes in (now - window, now]; at most `raiseAt` of them are kept, which decides the same
 *   P2  between the thresholds nothing changes, so a score that swings by one does not begin and end flapping each time
 *   P3  without changes flapping ends once the window has passed
 *   P4  a clock that stepped back adds no time: changes that lie ahead count as now
 */
export function flap(state: FlapState, changed: boolean, rules: FlapRules, nowMs: number): FlapDecision {
  const seen = [...state.changesMs, ...(changed ? [nowMs] : [])].map((ms) => Math.min(ms, nowMs));
  const changesMs = seen.filter((ms) => ms > nowMs - rules.windowMs).slice(-rules.raiseAt);
  const score = changesMs.length;
  const flapping = state.flapping ? score > rules.clearAt : score >= rules.raiseAt;
  const change = flapping === state.flapping ? 'none' : flapping ? 'began' : 'ended';
  return { state: { changesMs, flapping }, change, score };
}
