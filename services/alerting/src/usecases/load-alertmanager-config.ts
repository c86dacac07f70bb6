// The configuration in force: read at start, and anew when somebody asks for it.
import { firstFlush, groupKey, groupLabels } from '../domain/grouping.ts';
import { type AlertmanagerConfig, parseAlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import { dampedBy } from '../domain/handling.ts';
import type { Matcher } from '../domain/matcher.ts';
import type { MatcherMode } from '../domain/matcher-text.ts';
import { type AlertPolicy, noPolicy } from '../domain/policy.ts';
import { type Route, routesFor } from '../domain/route-tree.ts';
import { Problem } from '@tmws/problems';
import type { AlertStore, Clock, GroupPlace, HistoryEntry, KnownAlert } from '../ports.ts';
import { type Board, openBoard } from './board.ts';
import { escalationRoute } from './look-at-escalation.ts';
import { readSource, type Source } from './read-source.ts';
import { underPolicy } from './under-policy.ts';

/** What was read, and what is made of it once. */
export interface LoadedConfig<P> {
  readonly config: AlertmanagerConfig;
  readonly policy: AlertPolicy;
  /** By id. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly prepared: P;
  readonly loadedAtMs: number;
}

interface Loading<P> {
  readonly store: AlertStore;
  readonly clock: Clock;
  /** Alertmanager's YAML. */
  readonly source: Source;
  /** What goes beyond it, read each time with it; absent: nothing does. Throws Problem, and the one in force stays. */
  readonly policy?: (config: AlertmanagerConfig) => Promise<AlertPolicy>;
  /** How the file's matchers are read. */
  readonly matchers?: MatcherMode;
  /** What else is made of both before they are taken, like the receivers' sinks. Throws Problem, and what is in force stays. */
  readonly prepare: (config: AlertmanagerConfig, policy: AlertPolicy) => Promise<P> | P;
  /** What was prepared is in force no more, or never was. */
  readonly unused?: (prepared: P) => void;
  /** Alerts that match are told at once. */
  readonly bypass: () => readonly Matcher[];
  /** Told once groups are placed. */
  readonly placed: () => void;
}

export interface ConfigInForce<P> {
  readonly board: Board;
  current(): LoadedConfig<P>;
  /** What came of the last reading. */
  last(): { readonly ok: boolean; readonly atMs: number; /** Why it was not taken; empty: it was. */ readonly refused: string };
  /**
   * Reads again, and places every firing alert into the groups of what was read, in one write.
   *
   * @throws Problem `precondition` with every mistake and its line, or that of the store; the one in force stays
   */
  reload(): Promise<void>;
}

/** Reads for the first time. @throws as `reload` */
export async function openConfigInForce<P>(loading: Loading<P>): Promise<ConfigInForce<P>> {
  const { store, clock, bypass, placed, unused } = loading;
  let current = await read(loading);
  let last = { ok: true, atMs: current.loadedAtMs, refused: '' };
  let reloading: Promise<unknown> = Promise.resolve();
  const board = openBoard(current.config);

  const put = (loaded: LoadedConfig<P>): void => {
    current = loaded;
    board.reroute(loaded.config);
  };
  const place = async (next: LoadedConfig<P>): Promise<void> => {
    const before = current;
    try {
      const stored = await store.write(clock(), async (writing) => {
        await board.refresh(writing);
        const { alerts, changed, entries } = firingUnder(next.policy, board, bypass(), clock());
        const stored = await writing.putAlerts(changed);
        await writing.remember(entries);
        await writing.place([...placesOf(alerts, next.config.route, bypass(), clock())]);
        await writing.dropGroupsBut([...next.routes.keys(), ...[...next.config.receivers.keys()].map(escalationRoute)]);
        // Whoever writes after this must place by what is in force then.
        if (next !== before) put(next);
        return stored;
      });
      board.apply(stored);
    } catch (error) {
      if (current !== before) put(before);
      if (next !== before) unused?.(next.prepared);
      throw error;
    }
    if (next !== before) unused?.(before.prepared);
    placed();
  };
  const reload = async (): Promise<void> => {
    try {
      const loaded = await read(loading);
      await place(loaded);
      last = { ok: true, atMs: loaded.loadedAtMs, refused: '' };
    } catch (error) {
      last = { ok: false, atMs: last.atMs, refused: error instanceof Problem ? error.message : 'the store is away' };
      throw error;
    }
  };
  // What fired while nobody ran may have other groups in this file.
  await place(current);
  return {
    board,
    current: () => current,
    last: () => last,
    reload() {
      const next = reloading.then(reload);
      reloading = next.catch(() => undefined);
      return next;
    },
  };
}

async function read<P>({ source, policy: policyOf, clock, prepare, matchers }: Loading<P>): Promise<LoadedConfig<P>> {
  const config = await readSource(source, (text) => parseAlertmanagerConfig(text, matchers));
  const policy = (await policyOf?.(config)) ?? noPolicy;
  return {
    config,
    policy,
    routes: new Map(routesOf(config.route)),
    prepared: await prepare(config, policy),
    loadedAtMs: clock(),
  };
}

function* routesOf(route: Route): Iterable<[string, Route]> {
  yield [route.id, route];
  for (const child of route.routes) yield* routesOf(child);
}

/** What fires, as that policy has it. */
function firingUnder(policy: AlertPolicy, board: Board, urgent: readonly Matcher[], nowMs: number) {
  const alerts: KnownAlert[] = [];
  const changed: KnownAlert[] = [];
  const entries: HistoryEntry[] = [];
  for (const namespace of board.namespaces()) {
    for (const known of board.alerts(namespace)) {
      if (known.told !== 'firing') continue;
      const what = underPolicy(known, false, policy, urgent, nowMs);
      entries.push(...what.entries);
      alerts.push(what.alert);
      if (JSON.stringify(what.alert.handling) !== JSON.stringify(known.handling)) changed.push(what.alert);
    }
  }
  return { alerts, changed, entries };
}

/** Groups by that tree of what counts. */
function placesOf(alerts: readonly KnownAlert[], root: Route, bypass: readonly Matcher[], nowMs: number): Iterable<GroupPlace> {
  const places = new Map<string, GroupPlace>();
  for (const alert of alerts) {
    if (dampedBy(alert, nowMs) === 'held') continue;
    for (const route of routesFor(root, alert.labels)) {
      const labels = groupLabels(route, alert.labels);
      const key = groupKey(route, labels);
      const name = JSON.stringify([alert.namespace, route.id, key]);
      const { atMs } = firstFlush(alert, route.options.groupWaitMs, bypass, nowMs);
      const flushAtMs = Math.min(atMs, places.get(name)?.flushAtMs ?? Infinity);
      places.set(name, { namespace: alert.namespace, routeId: route.id, groupKey: key, labels, flushAtMs });
    }
  }
  return places.values();
}
