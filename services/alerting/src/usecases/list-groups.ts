import type { Clock } from '../ports.ts';
import type { AlertReads, LedgerEntry, WaitingGroup } from '../read-ports.ts';
import { type AlertFilter, readFilter } from './alert-filter.ts';
import type { Board } from './board.ts';
import { type AlertCounts, countAlerts } from './count-alerts.ts';
import type { FiringView } from './firing-alerts.ts';
import { type FiringGroup, firingGroups } from './firing-groups.ts';
import type { Paging } from './list-alerts.ts';
import { pageOf, pageSize, placeOf } from './page.ts';

/** A group with what the ledger and history know of it. */
export interface ShownGroup {
  readonly group: FiringGroup;
  /** undefined: nobody looks at it yet. */
  readonly waiting: WaitingGroup | undefined;
  readonly last: LedgerEntry | undefined;
  /** Alerts that began firing, by equal parts of the last hour. */
  readonly firedLastHour: readonly number[];
}

export interface GroupPage {
  readonly items: readonly ShownGroup[];
  readonly nextCursor: string;
  readonly total: number;
  readonly counts: AlertCounts;
  readonly lastFiredMs: number | undefined;
  readonly revision: bigint;
}

interface Grouping {
  readonly firing: (namespace: string) => FiringView;
  readonly reads: Pick<AlertReads, 'groups' | 'lastNotifications' | 'firedBetween' | 'lastFiredMs'>;
  readonly board: Pick<Board, 'alert' | 'placements' | 'members'>;
  readonly clock: Clock;
}

const partsOfHour = 12;
const hourMs = 3_600_000;

/** Groups of what fires. @throws Problem `invalid` */
export function listGroups(grouping: Grouping) {
  const { firing, reads } = grouping;
  const shown = showGroups(grouping);
  return async (namespace: string, asked: AlertFilter & Paging): Promise<GroupPage> => {
    const filter = readFilter(asked);
    const paging = {
      limit: pageSize(asked.limit),
      after: placeOf(asked.cursor, ['number', 'number', 'number', 'number', 'string']),
    };
    const view = firing(namespace);
    const { items, nextCursor, total } = pageOf(firingGroups(view, filter), ({ place }) => place, paging);
    const [groups, lastFiredMs] = [await shown(namespace, items), await reads.lastFiredMs(namespace)];
    return { items: groups, nextCursor, total, counts: countAlerts(view, filter), lastFiredMs, revision: view.revision };
  };
}

/** What the ledger and history know of some groups. */
export function showGroups({ reads, board, clock }: Omit<Grouping, 'firing'>) {
  return async (namespace: string, groups: readonly FiringGroup[]): Promise<ShownGroup[]> => {
    if (groups.length === 0) return [];
    const waiting = await reads.groups(
      namespace,
      groups.map(({ route, key }) => ({ routeId: route.id, groupKey: key })),
    );
    const last = await reads.lastNotifications(waiting.map(({ no }) => no));
    const toMs = clock();
    const fired = await reads.firedBetween(namespace, { fromMs: toMs - hourMs, toMs, parts: partsOfHour });
    const name = (routeId: string, key: string): string => `${routeId}\n${key}`;
    const parts = new Map(groups.map(({ route, key }) => [name(route.id, key), new Array<number>(partsOfHour).fill(0)]));
    for (const { fingerprint, part, count } of fired) {
      const alert = board.alert(namespace, fingerprint);
      for (const { route, key } of alert === undefined ? [] : board.placements(alert)) {
        const counted = parts.get(name(route.id, key));
        if (counted !== undefined) counted[part] = (counted[part] ?? 0) + count;
      }
    }
    const byName = new Map(waiting.map((each) => [name(each.routeId, each.groupKey), each]));
    const lastOf = new Map(last.map((each) => [each.groupNo, each]));
    return groups.map((group) => {
      const own = byName.get(name(group.route.id, group.key));
      return {
        group,
        waiting: own,
        last: own === undefined ? undefined : lastOf.get(own.no),
        firedLastHour: parts.get(name(group.route.id, group.key)) ?? [],
      };
    });
  };
}
