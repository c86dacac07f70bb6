// Backtests over the log: a part of the composition root that is loaded when somebody asks for one.
import type { EventBus, IncomingRecord } from '@tmws/events';
import type { AlertingConfig } from './config.ts';
import { securitySource } from './domain/detection/source-mapping.ts';
import { atrPart, ruleSetOf } from './domain/detection/rule-set.ts';
import type { Matcher } from './domain/matcher.ts';
import type { Route } from './domain/route-tree.ts';
import { observedTopics, seenRecord } from './inbound/events.ts';
import { backtestHandler } from './inbound/grpc/backtest-handler.ts';
import type { Detection } from './open-detection.ts';
import type { Clock } from './ports.ts';
import { backtestRules, type PastEvent, type PastEvents } from './usecases/backtest-rules.ts';
import type { AnyRule } from './usecases/observe-events.ts';
import { type LoadedRules, pauses, rulesOver } from './usecases/rules-in-force.ts';

interface BacktestOptions {
  readonly config: Pick<AlertingConfig, 'securityEventForMs'>;
  readonly events: Pick<EventBus, 'read' | 'listTopics'>;
  /** Rules that are always there. */
  readonly always: readonly AnyRule[];
  /** undefined: there are no rules of folders. */
  readonly detection: Detection | undefined;
  readonly root: () => Route;
  readonly bypass: () => readonly Matcher[];
  readonly clock: Clock;
}

const mostEvents = 5_000_000;
/** Records that are read at a stretch. */
const mostAtOnce = 100;
/** An event is on the log when it happened, or later; clocks differ by so much. */
const clockSkewMs = 5 * 60_000;

export function openBacktest(options: BacktestOptions): ReturnType<typeof backtestHandler> {
  const { config, events, always, detection, root, bypass, clock } = options;
  const firesForMs = config.securityEventForMs;
  const none = atrPart([], { documents: [], unreadable: [] });
  const sourcesNow = (): LoadedRules['sources'] =>
    detection?.current().sources ?? new Map([[securitySource.topic, securitySource]]);
  const loadedOf = (texts: Parameters<typeof ruleSetOf>[0]): LoadedRules => {
    const set = ruleSetOf(texts, none);
    return { set, sources: sourcesNow(), rules: rulesOver(set, firesForMs), loadedAtMs: clock() };
  };
  return backtestHandler(
    backtestRules({
      loaded: () => detection?.current() ?? loadedOf([]),
      loadText: (text) => loadedOf([text]),
      always,
      async *read({ fromMs }, { sources }, signal) {
        const pause = pauses();
        // One that a sources file names may not be there yet.
        const there = await events.listTopics();
        const topics = [...new Set([...observedTopics, ...sources.keys()])].filter((topic) => there.has(topic));
        for await (const records of events.read(
          topics,
          { fromMs: fromMs === undefined ? undefined : fromMs - clockSkewMs },
          signal,
        )) {
          for (let at = 0; at < records.length; at += mostAtOnce) {
            await pause();
            yield pastEvents(records.slice(at, at + mostAtOnce), sources);
          }
        }
      },
      root,
      bypass,
      clock,
      mostEvents,
    }),
  );
}

function pastEvents(records: readonly IncomingRecord[], sources: LoadedRules['sources']): PastEvents {
  const events: PastEvent[] = [];
  let unreadable = 0;
  for (const one of records) {
    try {
      const { events: seen, observed } = seenRecord(one, sources.get(one.topic), one.timestampMs);
      const atMs = (observed[0] ?? seen[0])?.atMs;
      if (atMs !== undefined) events.push({ atMs, observed, seen });
    } catch {
      unreadable += 1;
    }
  }
  return { events, unreadable, loggedMs: records.at(-1)?.timestampMs };
}
