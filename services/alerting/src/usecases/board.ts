// What a replica knows of alerts and silences: a copy of the store in memory, brought up to date by revision before it is relied on.
import { type CompiledSilence } from '../domain/muting.ts';
import { inhibitionIndex, type InhibitionIndex, type InhibitRule } from '../domain/inhibition.ts';
import { groupKey, groupLabels } from '../domain/grouping.ts';
import type { LabelSet } from '../domain/label-set.ts';
import { type Route, routesFor } from '../domain/route-tree.ts';
import { compileMatchers } from '../domain/silence.ts';
import { silenceIndex, type SilenceIndex } from '../domain/silence-index.ts';
import type { AlertStore, StoredAlert, StoredSilence } from '../ports.ts';

/** Where an alert is told: a group of a route. */
export interface Placement {
  readonly route: Route;
  readonly key: string;
  readonly labels: LabelSet;
}

/** What the configuration decides of a board. */
export interface Routing {
  readonly route: Route;
  readonly inhibitRules: readonly InhibitRule[];
}

export interface Board {
  alert(namespace: string, fingerprint: string): StoredAlert | undefined;
  alerts(namespace: string): Iterable<StoredAlert>;
  namespaces(): Iterable<string>;
  placements(alert: StoredAlert): readonly Placement[];
  /** Alerts of a group, by fingerprint. */
  members(namespace: string, routeId: string, key: string): StoredAlert[];
  silence(namespace: string, id: string): StoredSilence | undefined;
  silences(namespace: string): Iterable<CompiledSilence & { readonly silence: StoredSilence }>;
  /** Those among which are all that mute an alert of such labels. */
  silencesFor(namespace: string, labels: LabelSet): readonly CompiledSilence[];
  inhibition(namespace: string): InhibitionIndex;
  /** The last that is known here of an alert or silence of the namespace; 0: there is none. */
  revision(namespace: string): bigint;
  /** Takes in what was stored; an older revision than is known changes nothing. */
  apply(alerts: readonly StoredAlert[], silences?: readonly StoredSilence[]): void;
  /** Takes in what others stored. */
  refresh(store: Pick<AlertStore, 'changedAlerts' | 'changedSilences'> & { readonly settled?: bigint }): Promise<void>;
  /** Everything up to this revision is known here. */
  settled(): bigint;
  /** As `AlertStore.dropExpired`. */
  dropExpired(beforeMs: number): void;
  /** As `AlertStore.dropResolved`. */
  dropResolved(beforeMs: number): void;
  /** Places everything anew. */
  reroute(routing: Routing): void;
}

interface Space {
  readonly alerts: Map<string, StoredAlert>;
  readonly placed: Map<string, readonly Placement[]>;
  readonly groups: Map<string, Map<string, StoredAlert>>;
  readonly silences: Map<string, CompiledSilence & { silence: StoredSilence }>;
  readonly silenceIndex: SilenceIndex<CompiledSilence>;
  inhibition: InhibitionIndex;
  revision: bigint;
}

/** An empty board. */
export function openBoard(first: Routing): Board {
  const spaces = new Map<string, Space>();
  let routing = first;
  let alertsUpTo = 0n;
  let silencesUpTo = 0n;
  let settled = 0n;

  /** Revisions that follow what is settled leave no room for one that is not known. */
  const settle = (stored: readonly { readonly revision: bigint }[]): void => {
    for (const { revision } of stored) if (revision === settled + 1n) settled = revision;
  };
  const spaceOf = (namespace: string): Space => {
    const known = spaces.get(namespace);
    if (known !== undefined) return known;
    const made: Space = {
      alerts: new Map(),
      placed: new Map(),
      groups: new Map(),
      silences: new Map(),
      silenceIndex: silenceIndex(),
      inhibition: inhibitionIndex(routing.inhibitRules),
      revision: 0n,
    };
    spaces.set(namespace, made);
    return made;
  };
  const placedIn = (space: Space, alert: StoredAlert): readonly Placement[] => {
    const known = space.placed.get(alert.fingerprint);
    if (known !== undefined) return known;
    const placements = routesFor(routing.route, alert.labels).map((route) => {
      const labels = groupLabels(route, alert.labels);
      return { route, labels, key: groupKey(route, labels) };
    });
    space.placed.set(alert.fingerprint, placements);
    return placements;
  };
  const put = (alert: StoredAlert): void => {
    const space = spaceOf(alert.namespace);
    const known = space.alerts.get(alert.fingerprint);
    if (known !== undefined && known.revision >= alert.revision) return;
    space.alerts.set(alert.fingerprint, alert);
    if (alert.revision > space.revision) space.revision = alert.revision;
    space.inhibition.set(alert);
    for (const { route, key } of placedIn(space, alert)) {
      const name = groupName(route.id, key);
      const group = space.groups.get(name) ?? new Map<string, StoredAlert>();
      group.set(alert.fingerprint, alert);
      space.groups.set(name, group);
    }
  };
  const remove = (space: Space, alert: StoredAlert): void => {
    for (const { route, key } of placedIn(space, alert)) {
      const name = groupName(route.id, key);
      const group = space.groups.get(name);
      group?.delete(alert.fingerprint);
      if (group?.size === 0) space.groups.delete(name);
    }
    space.alerts.delete(alert.fingerprint);
    space.placed.delete(alert.fingerprint);
    space.inhibition.delete(alert.fingerprint);
  };
  const board: Board = {
    alert: (namespace, fingerprint) => spaces.get(namespace)?.alerts.get(fingerprint),
    alerts: (namespace) => spaces.get(namespace)?.alerts.values() ?? [],
    namespaces: () => spaces.keys(),
    placements: (alert) => placedIn(spaceOf(alert.namespace), alert),
    members: (namespace, routeId, key) =>
      [...(spaces.get(namespace)?.groups.get(groupName(routeId, key))?.values() ?? [])].sort((a, b) =>
        a.fingerprint < b.fingerprint ? -1 : 1,
      ),
    silence: (namespace, id) => spaces.get(namespace)?.silences.get(id)?.silence,
    silences: (namespace) => spaces.get(namespace)?.silences.values() ?? [],
    silencesFor: (namespace, labels) => spaces.get(namespace)?.silenceIndex.candidates(labels) ?? [],
    inhibition: (namespace) => spaceOf(namespace).inhibition,
    revision: (namespace) => spaces.get(namespace)?.revision ?? 0n,
    apply(alerts, silences = []) {
      for (const alert of alerts) {
        put(alert);
        if (alert.revision > alertsUpTo) alertsUpTo = alert.revision;
      }
      for (const silence of silences) {
        const space = spaceOf(silence.namespace);
        const { silences } = space;
        if (silence.revision > space.revision) space.revision = silence.revision;
        const known = silences.get(silence.id)?.silence.revision ?? -1n;
        if (silence.revision > known) {
          const compiled = { silence, matchers: compileMatchers(silence.matchers) };
          silences.set(silence.id, compiled);
          space.silenceIndex.set(compiled);
        }
        if (silence.revision > silencesUpTo) silencesUpTo = silence.revision;
      }
      settle(alerts);
      settle(silences);
    },
    async refresh(store) {
      const alerts = await store.changedAlerts(greater(alertsUpTo, settled));
      const silences = await store.changedSilences(greater(silencesUpTo, settled));
      board.apply(alerts, silences);
      settled = greater(settled, store.settled ?? 0n);
    },
    settled: () => settled,
    dropExpired(beforeMs) {
      for (const { silences, silenceIndex: index } of spaces.values()) {
        for (const { silence } of silences.values()) {
          if (silence.endsAtMs >= beforeMs) continue;
          silences.delete(silence.id);
          index.delete(silence.id);
        }
      }
    },
    dropResolved(beforeMs) {
      for (const space of spaces.values()) {
        for (const alert of space.alerts.values())
          if (alert.told === 'resolved' && alert.toldAtMs < beforeMs) remove(space, alert);
      }
    },
    reroute(next) {
      routing = next;
      for (const space of spaces.values()) {
        const alerts = [...space.alerts.values()];
        space.alerts.clear();
        space.placed.clear();
        space.groups.clear();
        space.inhibition = inhibitionIndex(routing.inhibitRules);
        for (const alert of alerts) put(alert);
      }
    },
  };
  return board;
}

const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const groupName = (routeId: string, key: string): string => JSON.stringify([routeId, key]);
