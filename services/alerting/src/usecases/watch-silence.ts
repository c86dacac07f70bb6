// The dead-man switch: alerts that must keep coming, and an alert when they do not.
import { matchesAll } from '../domain/matcher.ts';
import type { WatchRule } from '../domain/policy.ts';
import {
  deadMansSwitch,
  decideSilence,
  endOf,
  watchedNamespace,
  watchSource,
  type WatchState,
} from '../domain/rules/dead-mans-switch.ts';
import { type Clock, type RuleState, ruleStateName } from '../ports.ts';
import type { Board } from './board.ts';
import type { Derive } from './receive-alerts.ts';

interface Watching {
  readonly derive: Derive;
  readonly board: Board;
  readonly clock: Clock;
  /** Time that only goes forward, ms: what tells a jump of the clock from time that passed. */
  readonly steadyMs: () => number;
  readonly watches: () => readonly WatchRule[];
}

const rule = deadMansSwitch;
/** After a start nobody counts as silent sooner: a Prometheus sends again every minute. */
const graceMs = 120_000;
const jumpMs = 10_000;

/**
 * Looks at all watches once; to be called every few seconds, by every replica.
 *
 *   W1  however many replicas look, an alert begins and ends once: what is known of a watch is read in the transaction that tells
 *   W2  while nobody ran nobody was heard: after a start there is a grace. A clock that jumps ahead makes nobody silent: the time
 *       begins anew. One that steps back makes nobody alive: what came at times that are yet to be counts when it changes
 *   W3  a watch that is no more ends its alert
 */
export function watchSilence({ derive, board, clock, steadyMs, watches }: Watching) {
  const startedMs = steadyMs();
  let last: { readonly wallMs: number; readonly steadyMs: number } | undefined;
  // Of each watch, the last hearing that is written down.
  const written = new Map<string, number>();
  const ahead = new Map<string, bigint>();

  return async (): Promise<void> => {
    const [wallMs, nowSteadyMs] = [clock(), steadyMs()];
    const jumpedMs = last === undefined ? 0 : wallMs - last.wallMs - (nowSteadyMs - last.steadyMs);
    last = { wallMs, steadyMs: nowSteadyMs };
    const rules = watches();
    const gone = firingWatches(board).filter((name) => !rules.some((watch) => watch.name === name));
    const worth = rules
      .map((watch) => ({ watch, heardMs: jumpedMs > jumpMs ? wallMs : heardMs(board, watch, ahead, wallMs) }))
      .filter(({ watch: { name, withinMs }, heardMs: at }) => {
        const wrote = written.get(name);
        return (
          wrote === undefined ||
          Math.abs(jumpedMs) > jumpMs ||
          at - wrote >= withinMs / 4 ||
          wallMs - Math.max(at, wrote) >= withinMs
        );
      });
    if (worth.length + gone.length === 0) return;
    let now: readonly { readonly key: string; readonly state: WatchState }[] = [];
    await derive(async (writing, nowMs) => {
      const keys = [...worth.map(({ watch }) => watch.name), ...gone];
      const stored = await writing.ruleStates(keys.map((key) => ({ rule, key })));
      const stateOf = (key: string): WatchState | undefined => {
        const doc = stored.get(ruleStateName({ rule, key }))?.doc;
        return doc === undefined ? undefined : (JSON.parse(doc) as WatchState);
      };
      const hold = (withinMs: number): boolean => nowSteadyMs - startedMs < Math.min(graceMs, withinMs);
      const seen = [
        ...worth.map(({ watch, heardMs: at }) => ({
          key: watch.name,
          ...decideSilence(watch, stateOf(watch.name), at, hold(watch.withinMs), nowMs),
        })),
        ...gone.map((key) => ({ key, state: { heardMs: nowMs }, alerts: endOf(stateOf(key), nowMs) })),
      ];
      await writing.putRuleStates(
        seen.map(({ key, state }): RuleState => ({ rule, key, doc: JSON.stringify(state), seenMs: nowMs })),
      );
      now = seen;
      return seen.flatMap(({ alerts }) => alerts.map(({ namespace, posted }) => ({ namespace, posted: [posted] })));
    });
    for (const { key, state } of now) written.set(key, state.heardMs);
  };
}

/**
 * When an alert that matches came last, as far as one is known.
 *
 * @param ahead  revisions of alerts that came when the clock said a later time than now, kept from look to look
 */
function heardMs(board: Board, { matchers }: WatchRule, ahead: Map<string, bigint>, nowMs: number): number {
  let last = -Infinity;
  for (const { labels, updatedAtMs, fingerprint, revision, told } of board.alerts(watchedNamespace)) {
    if (updatedAtMs <= last || labels.alertname === deadMansSwitch || !matchesAll(matchers, labels)) continue;
    if (updatedAtMs <= nowMs) last = updatedAtMs;
    else {
      if (told === 'firing' && (ahead.get(fingerprint) ?? revision) < revision) last = nowMs;
      ahead.set(fingerprint, revision);
    }
  }
  return last;
}

/** Watches whose alert fires. */
function firingWatches(board: Board): string[] {
  return [...board.alerts(watchedNamespace)].flatMap(({ labels, told }) => {
    const ours = told === 'firing' && labels.alertname === deadMansSwitch && labels.tmws_source === watchSource;
    return ours && labels.watch !== undefined ? [labels.watch] : [];
  });
}
