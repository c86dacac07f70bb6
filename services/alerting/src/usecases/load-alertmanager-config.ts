// The configuration in force: read at start, and anew when somebody asks for it.
import { firstFlush, groupKey, groupLabels } from '../domain/grouping.ts';
import { type AlertmanagerConfig, parseAlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import { ConfigFaults } from '../domain/config/yaml-reading.ts';
import type { Matcher } from '../domain/matcher.ts';
import { type Route, routesFor } from '../domain/route-tree.ts';
import { Problem } from '@tmws/problems';
import type { AlertStore, Clock, GroupPlace, StoredAlert } from '../ports.ts';
import { type Board, openBoard } from './board.ts';

/** What was read, and what is made of it once. */
export interface LoadedConfig<P> {
  readonly config: AlertmanagerConfig;
  /** By id. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly prepared: P;
  readonly loadedAtMs: number;
}

interface Loading<P> {
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly source: {
    /** As messages name it. */
    readonly name: string;
    /** Alertmanager's YAML. */
    readonly read: () => Promise<string>;
  };
  /** What else is made of a configuration before it is taken, like its receivers' sinks. Throws Problem, and the one in force stays. */
  readonly prepare: (config: AlertmanagerConfig) => Promise<P> | P;
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
  last(): { readonly ok: boolean; readonly atMs: number };
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
  let last = { ok: true, atMs: current.loadedAtMs };
  let reloading: Promise<unknown> = Promise.resolve();
  const board = openBoard(current.config);

  const put = (loaded: LoadedConfig<P>): void => {
    current = loaded;
    board.reroute(loaded.config);
  };
  const place = async (next: LoadedConfig<P>): Promise<void> => {
    const before = current;
    try {
      await store.write(clock(), async (writing) => {
        await board.refresh(writing);
        await writing.place([...placesOf(board, next.config.route, bypass(), clock())]);
        await writing.dropGroupsBut([...next.routes.keys()]);
        // Whoever writes after this must place by what is in force then.
        if (next !== before) put(next);
      });
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
      last = { ok: true, atMs: loaded.loadedAtMs };
    } catch (error) {
      last = { ok: false, atMs: last.atMs };
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

async function read<P>({ source, clock, prepare }: Loading<P>): Promise<LoadedConfig<P>> {
  let text: string;
  try {
    text = await source.read();
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    const why = code === 'ENOENT' ? 'it is not there' : typeof code === 'string' ? code : 'it cannot be read';
    throw new Problem('precondition', `${source.name}: ${why}`, { cause });
  }
  try {
    const config = parseAlertmanagerConfig(text);
    return { config, routes: new Map(routesOf(config.route)), prepared: await prepare(config), loadedAtMs: clock() };
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    throw new Problem('precondition', `${source.name}: ${error.message}`, { cause: error });
  }
}

function* routesOf(route: Route): Iterable<[string, Route]> {
  yield [route.id, route];
  for (const child of route.routes) yield* routesOf(child);
}

/** Groups that what fires belongs to by that tree. */
function placesOf(board: Board, root: Route, bypass: readonly Matcher[], nowMs: number): Iterable<GroupPlace> {
  const places = new Map<string, GroupPlace>();
  const add = (alert: StoredAlert): void => {
    for (const route of routesFor(root, alert.labels)) {
      const labels = groupLabels(route, alert.labels);
      const key = groupKey(route, labels);
      const name = JSON.stringify([alert.namespace, route.id, key]);
      const { atMs } = firstFlush(alert, route.options.groupWaitMs, bypass, nowMs);
      const flushAtMs = Math.min(atMs, places.get(name)?.flushAtMs ?? Infinity);
      places.set(name, { namespace: alert.namespace, routeId: route.id, groupKey: key, labels, flushAtMs });
    }
  };
  for (const namespace of board.namespaces())
    for (const alert of board.alerts(namespace)) if (alert.told === 'firing') add(alert);
  return places.values();
}
