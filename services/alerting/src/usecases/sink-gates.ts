// What stands before each integration of a receiver, in this process: how many are sent at once, its circuit, its token bucket. What may
// not pass waits in the ledger, without an attempt.
import { afterAttempt, type Circuit, circuitState, type CircuitState, closedCircuit, tryThrough } from '../domain/circuit.ts';
import { notifiedName } from '../domain/notify-decision.ts';
import { type BucketLimit, fullBucket, takeToken, type TokenBucket } from '../domain/token-bucket.ts';
import type { Sink, SinkAnswer, TakenNotification } from '../ports.ts';

type Addressed = Pick<TakenNotification, 'receiver' | 'integration'>;

export type Admission =
  | { readonly may: 'pass' }
  /** As many as may are being sent. @property moves  one of them has ended lately, so the next will soon */
  | { readonly may: 'queue'; readonly moves: boolean }
  | { readonly may: 'wait'; readonly untilMs: number }
  | { readonly may: 'give up'; readonly error: string };

export interface SinkState {
  readonly circuit: CircuitState;
  /** While it is open. */
  readonly untilMs: number | undefined;
  /** Since when the receiver did not answer; undefined: it does. */
  readonly openSinceMs: number | undefined;
  /** When it was last tried, or known first. */
  readonly triedMs: number;
}

export interface SinkGates {
  /** Whether it may be sent now. One that passes is to be given to `answered`. */
  admit(notification: TakenNotification, nowMs: number): Admission;
  /** What came of one that passed; undefined: nobody knows. */
  answered(notification: TakenNotification, answer: SinkAnswer | undefined, nowMs: number): void;
  state(to: Addressed, nowMs: number): SinkState;
  /** Those whose circuit is not closed. */
  open(nowMs: number): (Addressed & SinkState)[];
  /** Those for which messages wait longer than so for a token. */
  crowded(nowMs: number, longerThanMs: number): Addressed[];
  /** Messages that waited for tokens are there no more. */
  thinned(to: Addressed): void;
}

interface Gating {
  /** The same one as long as its configuration is in force: another begins with a closed circuit and a full bucket. */
  readonly sinkOf: (receiver: string, integration: string) => Sink | undefined;
  readonly limitOf: (receiver: string, integration: string) => BucketLimit | undefined;
  /** Whether a message is about an alert that waits for nobody. */
  readonly urgent: (notification: TakenNotification) => boolean;
  /** Messages that are sent at once, to all together. */
  readonly atOnce: number;
  readonly giveUpAfterMs: number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly changed: (to: Addressed, circuit: 'opened' | 'closed', untilMs: number | undefined) => void;
}

interface Gate extends Addressed {
  readonly sink: Sink;
  readonly limit: BucketLimit | undefined;
  circuit: Circuit;
  openSinceMs: number | undefined;
  lastError: string;
  bucket: TokenBucket | undefined;
  /** When the last of those that wait for a token has its turn. */
  turnMs: number;
  /** Messages in a hurry that wait for a token, and when they come for it: the next one is theirs. */
  readonly hurried: Map<string, number>;
  /** It said when to come again. */
  holdUntilMs: number;
  sending: number;
  /** When one last began or ended. */
  movedMs: number;
  /** By the clock, when it was looked at last. */
  seenMs: number;
}

/** A clock that was set back takes what is waited for with it. */
function follow(gate: Gate, nowMs: number): void {
  const backMs = gate.seenMs - nowMs;
  gate.seenMs = nowMs;
  if (backMs <= 0) return;
  const { untilMs, probedMs } = gate.circuit;
  const before = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms - backMs);
  gate.circuit = { ...gate.circuit, untilMs: before(untilMs), probedMs: before(probedMs) };
  for (const [id, comesMs] of gate.hurried) gate.hurried.set(id, comesMs - backMs);
  if (gate.bucket !== undefined) gate.bucket = { ...gate.bucket, refilledMs: gate.bucket.refilledMs - backMs };
  gate.turnMs -= backMs;
  gate.holdUntilMs -= backMs;
  gate.movedMs -= backMs;
  gate.openSinceMs = before(gate.openSinceMs);
}

const movesWithinMs = 1_000;

const longestHoldMs = 5 * 60_000;
/** One that did not come for its token went elsewhere, or is there no more. */
const lostMs = 5_000;

/** A sink that answers leaves a quarter of the workers to the others, one that fails most of them. */
const shareOf = (atOnce: number, failing: boolean): number =>
  Math.max(1, failing ? Math.floor(atOnce / 8) : Math.ceil((atOnce * 3) / 4));

export function openSinkGates(given: Gating): SinkGates {
  const { sinkOf, limitOf, urgent, atOnce, giveUpAfterMs, random, changed } = given;
  const gates = new Map<string, Gate>();
  // Where each went through: an answer of a receiver that is configured no more says nothing of the one that is.
  const passed = new WeakMap<TakenNotification, Gate>();
  const shares = { well: shareOf(atOnce, false), failing: shareOf(atOnce, true) };

  const gateOf = ({ receiver, integration }: Addressed, nowMs: number): Gate | undefined => {
    const name = notifiedName(receiver, integration);
    const sink = sinkOf(receiver, integration);
    const known = gates.get(name);
    if (known !== undefined && known.sink === sink) {
      follow(known, nowMs);
      return known;
    }
    if (known?.openSinceMs !== undefined) changed(known, 'closed', undefined);
    gates.delete(name);
    if (sink === undefined) return undefined;
    const limit = limitOf(receiver, integration);
    const bucket = limit === undefined ? undefined : fullBucket(limit, nowMs);
    const made = { receiver, integration, sink, limit, bucket, circuit: closedCircuit, openSinceMs: undefined };
    const gate: Gate = {
      ...made,
      lastError: '',
      hurried: new Map(),
      turnMs: 0,
      holdUntilMs: 0,
      sending: 0,
      movedMs: nowMs,
      seenMs: nowMs,
    };
    gates.set(name, gate);
    return gate;
  };
  const all = (nowMs: number): Gate[] => {
    for (const gate of gates.values()) follow(gate, nowMs);
    return [...gates.values()];
  };
  const stateOf = ({ circuit, openSinceMs, movedMs }: Gate, nowMs: number): SinkState => {
    const state = circuitState(circuit, nowMs);
    return { circuit: state, untilMs: state === 'open' ? circuit.untilMs : undefined, openSinceMs, triedMs: movedMs };
  };
  const wait = (untilMs: number): Admission => ({ may: 'wait', untilMs });
  /** The first to come tries; the others, but for those in a hurry, a moment later: most of them then need not wait again. */
  const afterProbe = (notification: TakenNotification, untilMs: number): Admission =>
    wait(urgent(notification) ? untilMs : untilMs + 1_000 + random() * 3_000);

  const nextTurn = (gate: Gate, limit: BucketLimit, soonestMs: number): number => {
    gate.turnMs = Math.max(soonestMs, gate.turnMs + 1000 / limit.perSecond);
    return gate.turnMs;
  };
  /** Until when it waits for a token; undefined: it has taken one. */
  const tokenMs = (gate: Gate, limit: BucketLimit, notification: TakenNotification, nowMs: number): number | undefined => {
    const hurries = urgent(notification);
    for (const [id, comesMs] of gate.hurried) if (id === notification.id || nowMs - comesMs > lostMs) gate.hurried.delete(id);
    if (gate.hurried.size > 0 && !hurries) return nextTurn(gate, limit, nowMs + 1000 / limit.perSecond);
    const { bucket, waitMs } = takeToken(gate.bucket ?? fullBucket(limit, nowMs), limit, nowMs);
    gate.bucket = bucket;
    if (waitMs === 0) return undefined;
    if (!hurries) return nextTurn(gate, limit, nowMs + waitMs);
    gate.hurried.set(notification.id, nowMs + waitMs);
    return nowMs + waitMs;
  };

  return {
    admit(notification, nowMs) {
      const gate = gateOf(notification, nowMs);
      if (gate === undefined) return { may: 'pass' };
      const { untilMs } = gate.circuit;
      if (untilMs !== undefined && circuitState(gate.circuit, nowMs) === 'open') {
        if (nowMs - notification.createdAtMs > giveUpAfterMs) {
          return { may: 'give up', error: `the receiver does not answer, and it was waited for long enough: ${gate.lastError}` };
        }
        return afterProbe(notification, untilMs);
      }
      if (gate.sending >= (gate.circuit.failures === 0 ? shares.well : shares.failing))
        return { may: 'queue', moves: nowMs - gate.movedMs < movesWithinMs };
      if (gate.holdUntilMs > nowMs && gate.holdUntilMs - nowMs <= longestHoldMs) return wait(gate.holdUntilMs);
      const through = tryThrough(gate.circuit, nowMs);
      if (through === undefined) return afterProbe(notification, nowMs + 1_000);
      if (gate.limit !== undefined) {
        const turnMs = tokenMs(gate, gate.limit, notification, nowMs);
        if (turnMs !== undefined) return wait(turnMs);
      }
      gate.circuit = through;
      gate.sending++;
      gate.movedMs = nowMs;
      passed.set(notification, gate);
      return { may: 'pass' };
    },

    answered(notification, answer, nowMs) {
      const gate = passed.get(notification);
      if (gate === undefined) return;
      follow(gate, nowMs);
      passed.delete(notification);
      gate.sending--;
      gate.movedMs = nowMs;
      if (answer === undefined) return;
      if (!answer.sent) {
        gate.lastError = answer.error.slice(0, 300);
        if (answer.limited === true && answer.retryAfterMs !== undefined)
          gate.holdUntilMs = nowMs + Math.min(longestHoldMs, answer.retryAfterMs);
      }
      const lives = answer.sent || answer.permanent || answer.waiting === true || answer.limited === true;
      const before = gate.circuit.untilMs;
      gate.circuit = afterAttempt(gate.circuit, lives, nowMs, random());
      const { untilMs } = gate.circuit;
      if (untilMs === before || gates.get(notifiedName(gate.receiver, gate.integration)) !== gate) return;
      gate.openSinceMs = untilMs === undefined ? undefined : (gate.openSinceMs ?? nowMs);
      changed(gate, untilMs === undefined ? 'closed' : 'opened', untilMs);
    },

    state(to, nowMs) {
      const gate = gateOf(to, nowMs);
      return gate === undefined
        ? { circuit: 'closed', untilMs: undefined, openSinceMs: undefined, triedMs: nowMs }
        : stateOf(gate, nowMs);
    },
    open: (nowMs) =>
      all(nowMs).flatMap((gate) =>
        gate.openSinceMs === undefined
          ? []
          : [{ receiver: gate.receiver, integration: gate.integration, ...stateOf(gate, nowMs) }],
      ),
    crowded: (nowMs, longerThanMs) => all(nowMs).filter(({ turnMs }) => turnMs - nowMs > longerThanMs),
    thinned(to) {
      const gate = gates.get(notifiedName(to.receiver, to.integration));
      if (gate !== undefined) gate.turnMs = 0;
    },
  };
}
