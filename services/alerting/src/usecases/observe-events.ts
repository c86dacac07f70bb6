// Events become alerts: what rules remember, the alerts they make and the offsets of the events are stored in one transaction.
import type { OutgoingRecord } from '@tmws/events';
import type { PostedAlert } from '../domain/alert.ts';
import type { HitSeen, Rule, SeenEvent } from '../domain/rules/rule.ts';
import { type AlertWriting, type RuleState, ruleStateName } from '../ports.ts';
import type { Derive } from './receive-alerts.ts';

/** Any rule; what it remembers is its own matter. */
export type AnyRule = Rule<unknown>;

/** What was taken from the log. */
export interface EventBatch {
  readonly events: readonly SeenEvent[];
  /** Rules beside those that are always there: those under which the hits among the events were found. */
  readonly rules?: readonly AnyRule[];
  readonly moves: Parameters<AlertWriting['moveOffsets']>[0];
  /** To be sent in the same transaction. */
  readonly records: readonly OutgoingRecord[];
}

/** Rules that people found wrong lately, by namespace. */
export type Disputed = ReadonlyMap<string, ReadonlySet<string>>;

interface Observing {
  readonly derive: Derive;
  /** Those that are always there. */
  readonly rules: readonly AnyRule[];
  /** Of those namespaces: rules that people found wrong lately, by id. Asked only where there are hits. */
  readonly disputed?: (writing: AlertWriting, namespaces: readonly string[], nowMs: number) => Promise<Disputed>;
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
  /** By rule: what could not be counted because there was too much of it, or it came too late. */
  readonly lost: ReadonlyMap<string, number>;
  /** All hits, those that rules gave to rules too. */
  readonly hits: readonly HitSeen[];
  /** Whose alerts began or were said anew, and where. */
  readonly said: readonly { readonly rule: string; readonly namespace: string }[];
}

/**
 * Takes batches of events.
 *
 *   E1  an event counts once: offsets, what is remembered and alerts are stored together, or nothing is
 *   E2  what is remembered is read in the transaction, so replicas that read other partitions count together
 *
 * The returned function throws Problem `stale` if another consumer moved the offsets meanwhile, `unavailable` when the store is away.
 */
export function observeEvents({ derive, rules: always, disputed, tooOldMs, mostKeys, observed }: Observing) {
  // New keys since a rule was trimmed here; what other replicas added is found then.
  const fresh = new Map<string, number>();

  const disputedBy = (writing: AlertWriting, nowMs: number) =>
    disputed === undefined ? undefined : (namespaces: readonly string[]) => disputed(writing, namespaces, nowMs);

  const observe = async ({ events, rules: more = [], moves, records }: EventBatch): Promise<void> => {
    const rules = [...always, ...more];
    const keepsMs = new Map(rules.map(({ name, keepsMs = 0 }) => [name, Math.max(keepsMs, tooOldMs)]));
    let what: Observed = { tooOld: 0, alerts: new Map(), dropped: new Map(), lost: new Map(), hits: [], said: [] };
    const added = new Map<string, number>();
    await derive(async (writing, nowMs) => {
      added.clear();
      const dropped = new Map<string, number>();
      const young = events.filter(({ atMs }) => atMs > nowMs - tooOldMs);
      const { made, states, lost, hits } = await seeAll({ rules, writing, disputed: disputedBy(writing, nowMs), nowMs }, young);
      await writing.putRuleStates(states.map(({ state }) => state));
      for (const { state, isNew } of states) if (isNew) added.set(state.rule, (added.get(state.rule) ?? 0) + 1);
      for (const [rule, count] of added) {
        if ((fresh.get(rule) ?? mostKeys) + count < mostKeys / 10) continue;
        const beyond = await writing.trimRuleStates(rule, nowMs - (keepsMs.get(rule) ?? tooOldMs), mostKeys);
        if (beyond > 0) dropped.set(rule, beyond);
        added.set(rule, -(fresh.get(rule) ?? 0));
      }
      await writing.send(records);
      await writing.moveOffsets(moves);
      const alerts = new Map<string, number>();
      for (const { rule } of made.values()) alerts.set(rule, (alerts.get(rule) ?? 0) + 1);
      what = { tooOld: events.length - young.length, alerts, dropped, lost, hits, said: [...made.values()] };
      return [...made.values()].map(({ namespace, posted }) => ({ namespace, posted: [posted] }));
    });
    for (const [rule, count] of added) fresh.set(rule, (fresh.get(rule) ?? 0) + count);
    observed(what);
  };

  /**
   * What time alone brings about, in one transaction; once in `everyMs` over all replicas.
   *
   * @param namespaces  in which rules that have one key are asked though nothing was ever seen
   */
  const tick = async (rules: readonly AnyRule[], namespaces: Iterable<string>, everyMs: number): Promise<void> => {
    if (!rules.some((rule) => rule.tick !== undefined)) return;
    let what: Observed | undefined;
    await derive(async (writing, nowMs) => {
      what = undefined;
      const last = (await writing.ruleStates([tickState])).get(ruleStateName(tickState));
      if (last !== undefined && nowMs - last.seenMs < everyMs / 2 && nowMs >= last.seenMs) return [];
      const { states: ticked, then } = await tickAll(rules, namespaces, writing, nowMs);
      const { made, states, lost, hits } = await seeAll({ rules, writing, disputed: disputedBy(writing, nowMs), nowMs }, then);
      await writing.putRuleStates([{ ...tickState, doc: '{}', seenMs: nowMs }, ...ticked, ...states.map(({ state }) => state)]);
      const alerts = new Map<string, number>();
      for (const { rule } of made.values()) alerts.set(rule, (alerts.get(rule) ?? 0) + 1);
      what = { tooOld: 0, alerts, dropped: new Map(), lost, hits, said: [...made.values()] };
      return [...made.values()].map(({ namespace, posted }) => ({ namespace, posted: [posted] }));
    });
    if (what !== undefined) observed(what);
  };
  return Object.assign(observe, { tick });
}

const tickState = { rule: 'tick', key: '' };

/** What time alone brings about, and what rules are to see of it. @param namespaces  as those of `tick` */
export async function tickAll(
  rules: readonly AnyRule[],
  namespaces: Iterable<string>,
  writing: Pick<AlertWriting, 'ruleStatesOf'>,
  nowMs: number,
) {
  const states: RuleState[] = [];
  const then: SeenEvent[] = [];
  const all = [...namespaces];
  for (const rule of rules) {
    if (rule.tick === undefined) continue;
    const stored = new Map((await writing.ruleStatesOf(rule.name)).map((state) => [state.key, state]));
    const keys = new Set([...stored.keys(), ...(rule.alone === true ? all.map((namespace) => `${namespace} []`) : [])]);
    for (const key of keys) {
      const known = stored.get(key);
      const sight = rule.tick(known === undefined ? undefined : JSON.parse(known.doc), key, nowMs);
      const doc = JSON.stringify(sight.state);
      then.push(...(sight.then ?? []));
      if (doc !== known?.doc) states.push({ rule: rule.name, key, doc, seenMs: known?.seenMs ?? nowMs });
    }
  }
  return { states, then };
}

interface Seeing {
  readonly rules: readonly AnyRule[];
  /** Where what is remembered lies. */
  readonly writing: Pick<AlertWriting, 'ruleStates'>;
  readonly disputed?: ((namespaces: readonly string[]) => Promise<Disputed>) | undefined;
  readonly nowMs: number;
}

/** Rules that count what rules found, one above the other; none leads back to itself. */
const mostRounds = 16;

/**
 * What comes of all events, each seen by each rule in order, and then of what rules gave to rules. Of an alert that several of them
 * change the last counts.
 */
export async function seeAll({ rules, writing, disputed, nowMs }: Seeing, events: readonly SeenEvent[]) {
  const known = new Map<string, Known>();
  const made = new Map<string, { rule: string; namespace: string; posted: PostedAlert }>();
  const lost = new Map<string, number>();
  const hits: HitSeen[] = [];
  let round = events;
  for (let rounds = 0; round.length > 0 && rounds < mostRounds; rounds++) {
    hits.push(...round.filter((event) => event.about === 'hit'));
    const about = aboutOf(rules, await withDisputes(round, disputed));
    await readStates(known, about, writing);
    const next: SeenEvent[] = [];
    for (const { event, rule, key, name } of about) {
      const state = known.get(name);
      if (state === undefined) continue;
      const atMs = Math.min(event.atMs, nowMs);
      const seen = rule.see(state.value, key, { ...event, atMs }, nowMs);
      known.set(name, { ...state, value: seen.state, seenMs: Math.max(state.seenMs, atMs) });
      if (seen.lost !== undefined) lost.set(rule.name, (lost.get(rule.name) ?? 0) + seen.lost);
      for (const { namespace, posted } of seen.alerts)
        made.set(JSON.stringify([namespace, posted.labels]), { rule: rule.name, namespace, posted });
      next.push(...(seen.then ?? []));
    }
    round = next;
  }
  const states = [...known.values()].map(({ rule, key, value, seenMs, isNew }) => {
    const state: RuleState = { rule, key, doc: JSON.stringify(value), seenMs };
    return { state, isNew };
  });
  return { made, states, lost, hits };
}

interface Known {
  readonly rule: string;
  readonly key: string;
  readonly value: unknown;
  readonly seenMs: number;
  readonly isNew: boolean;
}

const aboutOf = (rules: readonly AnyRule[], events: readonly SeenEvent[]) =>
  events.flatMap((event) =>
    rules.flatMap((rule) =>
      rule.keysOf(event).map((key) => ({ event, rule, key, name: ruleStateName({ rule: rule.name, key }) })),
    ),
  );

/** Reads what is remembered under keys that were not asked for yet. */
async function readStates(
  known: Map<string, Known>,
  about: ReturnType<typeof aboutOf>,
  writing: Seeing['writing'],
): Promise<void> {
  const asked = new Map(
    about.flatMap(({ rule, key, name }) => (known.has(name) ? [] : [[name, { rule: rule.name, key }] as const])),
  );
  const stored = await writing.ruleStates([...asked.values()]);
  for (const [name, { rule, key }] of asked) {
    const found = stored.get(name);
    const value = found === undefined ? undefined : (JSON.parse(found.doc) as unknown);
    known.set(name, { rule, key, value, seenMs: found?.seenMs ?? 0, isNew: found === undefined });
  }
}

/** Hits, each with the rules that are held down where it belongs. */
async function withDisputes(events: readonly SeenEvent[], disputed: Seeing['disputed']): Promise<readonly SeenEvent[]> {
  const namespaces = new Set(events.flatMap((event) => (event.about === 'hit' ? [event.namespace] : [])));
  if (disputed === undefined || namespaces.size === 0) return events;
  const found = await disputed([...namespaces]);
  if (found.size === 0) return events;
  return events.map((event) => {
    const wrong = event.about === 'hit' ? found.get(event.namespace) : undefined;
    return wrong === undefined ? event : { ...event, disputed: wrong };
  });
}
