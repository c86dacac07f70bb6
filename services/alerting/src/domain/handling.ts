// What a policy makes of an alert beyond its labels and times: how far its escalation is, and whether it is damped.
import type { EscalationState } from './escalation.ts';
import { calm, flap, type FlapState } from './flapping.ts';
import type { DampingRule, PolicyRules } from './policy.ts';

export interface DampingState {
  readonly flap: FlapState;
  /** Whether it fired when it was looked at last. */
  readonly firing: boolean;
  /** Until then nobody is told that it fires; absent: it counts. */
  readonly heldUntilMs?: number | undefined;
  /** For so long after its end it goes on as if it fired. */
  readonly clearAfterMs: number;
}

/** Stored with the alert. */
export interface Handling {
  readonly escalation?: EscalationState | undefined;
  readonly damping?: DampingState | undefined;
  /** When time alone may change something of it; absent: nothing waits. */
  readonly dueMs?: number | undefined;
}

/** An alert, as far as its handling depends on it. */
export interface Handled {
  readonly endsAtMs: number;
  /** What history says, of which an end that is damped is no part yet. */
  readonly told: 'firing' | 'resolved';
  readonly acknowledged: unknown;
  readonly handling?: Handling | undefined;
}

/** Why receivers hear of an alert's state later, or not: it has not fired for long enough, it changes too often, it ended only just. */
export type Damped = 'held' | 'flapping' | 'lingering';

/** How long after its end an alert goes on as if it fired. One that nobody was told of ends at once. */
export function lingerMs({ told, handling }: Handled): number {
  const { heldUntilMs, clearAfterMs = 0 } = handling?.damping ?? {};
  return told === 'firing' && heldUntilMs === undefined ? clearAfterMs : 0;
}

/** Whether an alert that history calls firing is over. */
export const isOver = (alert: Handled, nowMs: number): boolean => alert.endsAtMs + lingerMs(alert) <= nowMs;

export function dampedBy(alert: Handled, nowMs: number): Damped | undefined {
  const { damping } = alert.handling ?? {};
  if (damping === undefined) return undefined;
  if (alert.told === 'firing' && damping.heldUntilMs !== undefined) return 'held';
  if (damping.flap.flapping) return 'flapping';
  return alert.endsAtMs <= nowMs && !isOver(alert, nowMs) ? 'lingering' : undefined;
}

/**
 * What arrived amounts to, if an occurrence that only just ended goes on with it: one that fires again while it lingers began when it
 * first fired.
 */
export function joinLingering<T extends { readonly startsAtMs: number; readonly endsAtMs: number }>(
  known: (Handled & { readonly startsAtMs: number }) | undefined,
  merged: { readonly alert: T; readonly occurrence: 'new' | 'same' },
  nowMs: number,
): { readonly alert: T; readonly occurrence: 'new' | 'same' } {
  const { alert, occurrence } = merged;
  if (known?.told !== 'firing' || occurrence === 'same' || isOver(known, nowMs)) return merged;
  if (lingerMs(known) === 0 || alert.endsAtMs < known.startsAtMs) return merged;
  return { alert: { ...alert, startsAtMs: Math.min(known.startsAtMs, alert.startsAtMs) }, occurrence: 'same' };
}

export interface HandlingChange {
  readonly handling: Handling | undefined;
  /** It was held, and counts from here. */
  readonly released: boolean;
  /** It began or ended to change too often. */
  readonly flapping: 'began' | 'ended' | 'none';
  /** Changes within the window. */
  readonly changes: number;
}

/**
 * The handling of an alert after it arrived, ended, or time went on; `alert.handling` is what it was.
 *
 *   D1  it is held for `fireAfterMs` from when it fired, each time anew; urgent ones are not held
 *   D2  every change between firing and ended counts once for flapping, whoever notices it, and however often
 *   D3  the escalation of an occurrence begins when it fires, of a held one when it is released, and ends when history calls it resolved
 *   D4  a clock that stepped back puts nothing off beyond a whole wait from then
 *   D5  asked again at the same time with what came of it, the answer is the same
 *
 * @param fired  history says that an occurrence began with this
 */
export function handle(
  alert: Handled,
  { fired, urgent }: { readonly fired: boolean; readonly urgent: boolean },
  rules: PolicyRules,
  nowMs: number,
): HandlingChange {
  const before = alert.handling;
  const fires = alert.told === 'firing';
  const { state, released, flapping, changes } = dampingAt(alert, before?.damping, fired, urgent, rules.damping, nowMs);
  const held = state?.heldUntilMs !== undefined;
  const escalation = !fires || held ? undefined : escalationAt(before?.escalation, fired || released, rules, nowMs);
  const next = escalation === undefined ? undefined : rules.escalation?.steps[escalation.step];
  const waits = next !== undefined && alert.acknowledged === undefined && alert.endsAtMs > nowMs;
  const dueMs = Math.min(
    waits ? (escalation?.sinceMs ?? nowMs) + next.afterMs : Infinity,
    state?.heldUntilMs ?? Infinity,
    state?.firing === true && rules.damping?.flapping !== undefined ? alert.endsAtMs : Infinity,
    calmAtMs(state?.flap, rules.damping),
  );
  const handling: Handling = {
    ...(escalation !== undefined && { escalation }),
    ...(state !== undefined && { damping: state }),
    ...(dueMs !== Infinity && { dueMs }),
  };
  return { handling: Object.keys(handling).length === 0 ? undefined : handling, released, flapping, changes };
}

function escalationAt(
  before: EscalationState | undefined,
  begins: boolean,
  rules: PolicyRules,
  nowMs: number,
): EscalationState | undefined {
  if (rules.escalation === undefined) return undefined;
  if (begins || before === undefined) return { step: 0, sinceMs: nowMs };
  return before.sinceMs > nowMs ? { ...before, sinceMs: nowMs } : before;
}

function dampingAt(
  { told, endsAtMs }: Handled,
  before: DampingState | undefined,
  fired: boolean,
  urgent: boolean,
  rule: DampingRule | undefined,
  nowMs: number,
): { state: DampingState | undefined; released: boolean; flapping: 'began' | 'ended' | 'none'; changes: number } {
  const wasHeld = !fired && before?.heldUntilMs !== undefined && told === 'firing';
  if (rule === undefined) {
    return { state: undefined, released: wasHeld, flapping: before?.flap.flapping === true ? 'ended' : 'none', changes: 0 };
  }
  const firing = endsAtMs > nowMs;
  const changed = before === undefined ? firing : before.firing !== firing;
  const none = { state: calm, change: before?.flap.flapping === true ? 'ended' : 'none', score: 0 } as const;
  const flapped = rule.flapping === undefined ? none : flap(before?.flap ?? calm, changed, rule.flapping, nowMs);
  const until = fired ? nowMs + rule.fireAfterMs : Math.min(before?.heldUntilMs ?? -Infinity, nowMs + rule.fireAfterMs);
  const held = told === 'firing' && !urgent && until > nowMs && (fired || wasHeld);
  return {
    state: { flap: flapped.state, firing, clearAfterMs: rule.clearAfterMs, ...(held && { heldUntilMs: until }) },
    released: wasHeld && !held,
    flapping: flapped.change,
    changes: flapped.score,
  };
}

/** When so many changes have left the window that flapping ends. */
function calmAtMs(state: FlapState | undefined, rule: DampingRule | undefined): number {
  if (state?.flapping !== true || rule?.flapping === undefined) return Infinity;
  const last = state.changesMs.at(-1 - rule.flapping.clearAt);
  return last === undefined ? Infinity : last + rule.flapping.windowMs;
}
