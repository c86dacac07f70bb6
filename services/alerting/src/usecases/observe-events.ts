// Events become alerts: what rules remember, the alerts they make and the offsets of the events are stored in one transaction.
import type { OutgoingRecord } from '@tmws/events';
import type { PostedAlert } from '../domain/alert.ts';
import type { Rule, SeenEvent } from '../domain/rules/rule.ts';
import { type AlertWriting, type RuleState, ruleStateName } from '../ports.ts';
import type { Derive } from './receive-alerts.ts';

/** Any rule; what it remembers is its own matter. */
export type AnyRule = Rule<unknown>;

/** What was taken from the log. */
export interface EventBatch {
  readonly events: readonly SeenEvent[];
  readonly moves: Parameters<AlertWriting['moveOffsets']>[0];
  /** To be sent in the same transaction. */
  readonly records: readonly OutgoingRecord[];
}

interface Observing {
  readonly derive: Derive;
  readonly rules: readonly AnyRule[];
  /** Older events raise nothing: a log that is read for the first time holds what is long over. */
  readonly tooOldMs: number;
  /** Keys a rule remembers. Beyond it the one least lately seen is forgotten, a tenth more may be there for a moment. */
  readonly mostKeys: number;
  /** Told after each commit, and only then. */
  readonly observed: (what: Observed) => void;
}

export interface Observed {
  readonly tooOld: number;
  /** By rule: alerts that began or were said anew, and keys that were forgotten though they were not old. */
  readonly alerts: ReadonlyMap<string, number>;
  readonly dropped: ReadonlyMap<string, number>;
}

/**
 * Takes batches of events.
 *
 *   E1  an event counts once: offsets, what is remembered and alerts are stored together, or nothing is
 *   E2  what is remembered is read in the transaction, so replicas that read other partitions count together
 *
 * The returned function throws Problem `stale` if another consumer moved the offsets meanwhile, `unavailable` when the store is away.
 */
export function observeEvents({ derive, rules, tooOldMs, mostKeys, observed }: Observing) {
  // New keys since a rule was trimmed here; what other replicas added is found then.
  const fresh = new Map<string, number>();

  return async ({ events, moves, records }: EventBatch): Promise<void> => {
    let what: Observed = { tooOld: 0, alerts: new Map(), dropped: new Map() };
    const added = new Map<string, number>();
    await derive(async (writing, nowMs) => {
      added.clear();
      const dropped = new Map<string, number>();
      const young = events.filter(({ atMs }) => atMs > nowMs - tooOldMs);
      const { made, states } = await seeAll(rules, young, writing, nowMs);
      await writing.putRuleStates(states.map(({ state }) => state));
      for (const { state, isNew } of states) if (isNew) added.set(state.rule, (added.get(state.rule) ?? 0) + 1);
      for (const [rule, count] of added) {
        if ((fresh.get(rule) ?? mostKeys) + count < mostKeys / 10) continue;
        const beyond = await writing.trimRuleStates(rule, nowMs - tooOldMs, mostKeys);
        if (beyond > 0) dropped.set(rule, beyond);
        added.set(rule, -(fresh.get(rule) ?? 0));
      }
      await writing.send(records);
      await writing.moveOffsets(moves);
      const alerts = new Map<string, number>();
      for (const { rule } of made.values()) alerts.set(rule, (alerts.get(rule) ?? 0) + 1);
      what = { tooOld: events.length - young.length, alerts, dropped };
      return [...made.values()].map(({ namespace, posted }) => ({ namespace, posted: [posted] }));
    });
    for (const [rule, count] of added) fresh.set(rule, (fresh.get(rule) ?? 0) + count);
    observed(what);
  };
}

/** What comes of all events, each seen by each rule in order. Of an alert that several of them change the last counts. */
async function seeAll(rules: readonly AnyRule[], events: readonly SeenEvent[], writing: AlertWriting, nowMs: number) {
  const about = events.flatMap((event) =>
    rules.flatMap((rule) =>
      rule.keysOf(event).map((key) => ({ event, rule, key, name: ruleStateName({ rule: rule.name, key }) })),
    ),
  );
  const asked = new Map(about.map(({ rule, key, name }) => [name, { rule: rule.name, key }]));
  const stored = await writing.ruleStates([...asked.values()]);
  const known = new Map<string, unknown>([...stored].map(([name, { doc }]) => [name, JSON.parse(doc)]));
  const seenMs = new Map([...stored].map(([name, state]) => [name, state.seenMs]));
  const made = new Map<string, { rule: string; namespace: string; posted: PostedAlert }>();
  for (const { event, rule, key, name } of about) {
    const { state, alerts } = rule.see(known.get(name), key, { ...event, atMs: Math.min(event.atMs, nowMs) }, nowMs);
    known.set(name, state);
    seenMs.set(name, Math.max(seenMs.get(name) ?? 0, Math.min(event.atMs, nowMs)));
    for (const { namespace, posted } of alerts)
      made.set(JSON.stringify([namespace, posted.labels]), { rule: rule.name, namespace, posted });
  }
  const states = [...asked].map(([name, { rule, key }]) => {
    const state: RuleState = { rule, key, doc: JSON.stringify(known.get(name)), seenMs: seenMs.get(name) ?? nowMs };
    return { state, isNew: !stored.has(name) };
  });
  return { made, states };
}
