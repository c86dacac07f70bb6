// What rules would have raised over events of the log: the same functions as when they come, over a memory that is thrown away.
import { faultText, type Refusal, type RuleText } from '@tmws/detection';
import { redactText } from '@tmws/events';
import { Problem } from '@tmws/problems';
import { backtestTally, type BacktestedRule, type EventVerdict } from '../domain/detection/backtest-tally.ts';
import { detect } from '../domain/detection/detect.ts';
import { eventName, type ObservedEvent } from '../domain/detection/observed-event.ts';
import { pageCount } from '../domain/detection/page-count.ts';
import type { Matcher } from '../domain/matcher.ts';
import type { Route } from '../domain/route-tree.ts';
import type { SeenEvent } from '../domain/rules/rule.ts';
import { type AlertWriting, type Clock, type RuleState, ruleStateName } from '../ports.ts';
import { type AnyRule, seeAll, tickAll } from './observe-events.ts';
import { type LoadedRules, pauses } from './rules-in-force.ts';

/** A record of the log, read. */
export interface PastEvent {
  readonly atMs: number;
  /** As the rules of the folders see it; none: they do not. */
  readonly observed: readonly ObservedEvent[];
  /** As the rules that are always there see it. */
  readonly seen: readonly SeenEvent[];
}

export interface PastEvents {
  readonly events: readonly PastEvent[];
  /** Records that are no events. */
  readonly unreadable: number;
  /** When the log had the last of them; undefined: not known. */
  readonly loggedMs?: number | undefined;
}

export interface BacktestAsked {
  readonly ids: readonly string[];
  /** Rules that do not run, as YAML; '' = none. */
  readonly text: string;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** By source and id of the event, as `eventName` has it. */
  readonly labels: ReadonlyMap<string, EventVerdict>;
}

export interface BacktestReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: number;
  readonly unreadable: number;
  readonly tookMs: number;
  readonly rules: readonly (BacktestedRule & { readonly pagesPerWeek: number })[];
  readonly refused: readonly Refusal[];
  /** There were more events than are looked at: `toMs` is where it ended. */
  readonly truncated: boolean;
}

export type BacktestNews =
  { readonly what: 'progress'; readonly events: number; readonly share: number } | ({ readonly what: 'report' } & BacktestReport);

interface Backtesting {
  readonly loaded: () => LoadedRules;
  /** Rules of a text alone, read as those of the folders are. */
  readonly loadText: (text: RuleText) => LoadedRules;
  /** Rules that are always there. */
  readonly always: readonly AnyRule[];
  /** In the order of the log's times. */
  readonly read: (
    range: { readonly fromMs: number | undefined; readonly toMs: number | undefined },
    loaded: LoadedRules,
    signal: AbortSignal,
  ) => AsyncIterable<PastEvents>;
  readonly root: () => Route;
  readonly bypass: () => readonly Matcher[];
  readonly clock: Clock;
  /** Events that are looked at, at most. */
  readonly mostEvents: number;
}

const weekMs = 7 * 86_400_000;
const shortestMs = 86_400_000;
const newsEveryMs = 400;
/** As often silence is looked for, and no more often than so in all. */
const [tickEveryMs, mostTicks] = [60_000, 100_000];

/**
 * Looks at the events of a namespace. One at a time in a process.
 *
 *   B1  what comes of an event is decided by the functions that decide it as events come, at the time of the event
 *   B2  nothing is stored, raised or told
 *
 * The returned function throws Problem `not_found` for an id that no rule has, `invalid` for a text without any rule that can run,
 * `limited` while another runs, and what reading throws.
 */
export function backtestRules(given: Backtesting) {
  const { loaded, loadText, always, read, root, bypass, clock, mostEvents } = given;
  let busy = false;
  return async function* (namespace: string, asked: BacktestAsked, signal: AbortSignal): AsyncGenerator<BacktestNews> {
    const { set, rules, chosen, refused } = choose(asked);
    if (busy) throw new Problem('limited', 'a backtest runs already; try again when it is over', { retryAfterMs: 5_000 });
    busy = true;
    try {
      yield* run(namespace, asked, { set, rules, chosen, refused }, signal);
    } finally {
      busy = false;
    }
  };

  function choose({ ids, text }: BacktestAsked) {
    const own = text === '' ? loaded() : loadText({ source: 'the given text', text });
    const { running } = own.set;
    if (text !== '' && running.size === 0) {
      const why = own.set.refused.flatMap(({ source, faults }) => faults.map((fault) => faultText(source, fault)));
      throw new Problem('invalid', why.slice(0, 10).join('; ') || 'there is no rule in the text', { field: 'text' });
    }
    const known = new Set([...running.keys(), ...(text === '' ? always.map(({ name }) => name) : [])]);
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) throw new Problem('not_found', `there is no rule ${JSON.stringify(unknown)}`);
    const wanted = new Set(ids);
    return {
      set: own,
      rules: [...(text === '' ? always : []), ...own.rules],
      chosen: (id: string) => wanted.size === 0 || wanted.has(id),
      refused: text === '' ? [] : own.set.refused,
    };
  }

  async function* run(
    namespace: string,
    asked: BacktestAsked,
    { set: own, rules, chosen, refused }: ReturnType<typeof choose>,
    signal: AbortSignal,
  ): AsyncGenerator<BacktestNews> {
    const { labels, fromMs, toMs = clock() } = asked;
    const begun = performance.now();
    const memory = openMemory();
    const pages = pageCount(root(), bypass());
    const tally = backtestTally({ running: own.set.running, chosen, labels, pages });
    let [events, unreadable, firstMs, lastMs] = [0, 0, Infinity, -Infinity];
    let newsMs = performance.now();
    // The log is read up to when the backtest began.
    const begunMs = clock();
    let [loggedMs, readSinceMs] = [-Infinity, Infinity];
    let truncated = false;
    const pause = pauses();
    const ticking = openTicks();
    /** A rule over single events: what counts events is not wrong about one of them. */
    const asksOne = (id: string): boolean => ['sigma', 'atr'].includes(own.set.running.get(id)?.kind ?? '');
    reading: for await (const some of read({ fromMs, toMs: asked.toMs }, own, signal)) {
      unreadable += some.unreadable;
      for (const { observed, seen, atMs } of some.events) {
        await pause();
        signal.throwIfAborted();
        const mine = seen.filter((event) => event.namespace === namespace);
        const shown = observed.filter((event) => event.namespace === namespace);
        if (shown.length + mine.length === 0 || atMs >= toMs || (fromMs !== undefined && atMs < fromMs)) continue;
        if (events >= mostEvents) {
          truncated = true;
          break reading;
        }
        events += 1;
        firstMs = Math.min(firstMs, atMs);
        lastMs = Math.max(lastMs, atMs);
        await ticking.until(lastMs);
        await look(shown, mine, lastMs);
      }
      loggedMs = Math.max(loggedMs, some.loggedMs ?? lastMs);
      readSinceMs = Math.min(readSinceMs, Math.max(fromMs ?? loggedMs, some.loggedMs ?? firstMs));
      if (performance.now() - newsMs < newsEveryMs || events === 0) continue;
      newsMs = performance.now();
      const share = (loggedMs - readSinceMs) / Math.max(1, begunMs - readSinceMs);
      yield { what: 'progress', events, share: Math.min(1, Math.max(0, share)) };
    }
    if (!truncated && events > 0) await ticking.until(toMs);
    const [startMs, endMs] = [fromMs ?? Math.min(firstMs, toMs), truncated ? lastMs : toMs];
    const weeks = Math.max(shortestMs, endMs - startMs) / weekMs;
    yield {
      what: 'report',
      ...{ fromMs: startMs, toMs: endMs, events, unreadable, refused, truncated },
      tookMs: performance.now() - begun,
      rules: tally.rules().map((rule) => ({ ...rule, pagesPerWeek: rule.pages / weeks })),
    };

    async function look(observed: readonly ObservedEvent[], seen: readonly SeenEvent[], nowMs: number): Promise<void> {
      const hits = observed.flatMap((event): SeenEvent[] => {
        tally.looked(eventName(event), asksOne);
        const { source, id, type, atMs } = event;
        return detect(own.set, event, redactText).hits.map((hit) => ({ about: 'hit', hit, namespace, source, id, type, atMs }));
      });
      await come([...seen, ...hits], nowMs);
    }

    async function come(seen: readonly SeenEvent[], nowMs: number): Promise<void> {
      if (seen.length === 0) return;
      const found = await seeAll({ rules, writing: memory, nowMs }, seen);
      memory.put(found.states.map(({ state }) => state));
      for (const event of found.hits) if (event.hit.candidate !== true) tally.hit(event);
      for (const made of found.made.values()) tally.says(made, nowMs);
    }

    /** Lets the time between events pass, for rules that are met by silence. */
    function openTicks(): { until(ms: number): Promise<void> } {
      const ticks = rules.some((rule) => rule.tick !== undefined);
      let [nextMs, count] = [NaN, 0];
      return {
        async until(ms) {
          if (!ticks) return;
          if (Number.isNaN(nextMs)) nextMs = (fromMs ?? ms) + tickEveryMs;
          for (; nextMs <= ms && count < mostTicks; nextMs += tickEveryMs, count += 1) {
            await pause();
            signal.throwIfAborted();
            const { states, then } = await tickAll(rules, [namespace], memory, nextMs);
            memory.put(states);
            await come(then, nextMs);
          }
        },
      };
    }
  }
}

const mostStates = 200_000;

/** What rules remember, for as long as the backtest runs; beyond the most what was put first is forgotten. */
function openMemory(): Pick<AlertWriting, 'ruleStates' | 'ruleStatesOf'> & { put(states: readonly RuleState[]): void } {
  const known = new Map<string, RuleState>();
  return {
    ruleStatesOf: (rule) => Promise.resolve([...known.values()].filter((state) => state.rule === rule)),
    ruleStates: (names) =>
      Promise.resolve(
        new Map(
          names.flatMap((name) => {
            const key = ruleStateName(name);
            const state = known.get(key);
            return state === undefined ? [] : [[key, state] as const];
          }),
        ),
      ),
    put(states) {
      for (const state of states) {
        const name = ruleStateName(state);
        known.delete(name);
        known.set(name, state);
      }
      for (const name of known.keys()) {
        if (known.size <= mostStates) break;
        known.delete(name);
      }
    },
  };
}
