import type { AlertReads, LedgerEntry, WaitingGroup } from '../read-ports.ts';
import { type AlertFilter, readFilter } from './alert-filter.ts';
import { type AlertCounts, countAlerts } from './count-alerts.ts';
import type { FiringView } from './firing-alerts.ts';
import { type FiringGroup, firingGroups, groupIds } from './firing-groups.ts';
import type { Paging } from './list-alerts.ts';
import { pageOf, pageSize, placeOf } from './page.ts';
import type { RecentFirings } from './recent-firings.ts';

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
  readonly reads: Pick<AlertReads, 'groups' | 'lastNotifications'>;
  readonly recent: (namespace: string) => Promise<RecentFirings>;
}

/** Filters whose groups are remembered while nothing changes. */
const mostRemembered = 20;

/** Groups of what fires. @throws Problem `invalid` */
export function listGroups(grouping: Grouping) {
  const { firing } = grouping;
  const shown = showGroups(grouping);
  const idOf = groupIds();
  const remembered = new WeakMap<FiringView, Map<string, { groups: readonly FiringGroup[]; counts: AlertCounts }>>();
  const found = (view: FiringView, asked: AlertFilter) => {
    const filter = readFilter(asked);
    const { filters, states, receiver, acknowledged, assignee } = asked;
    const name = JSON.stringify([filters, states, receiver, acknowledged, assignee]);
    const known = remembered.get(view) ?? new Map<string, { groups: readonly FiringGroup[]; counts: AlertCounts }>();
    const answer = known.get(name) ?? { groups: firingGroups(view, filter, idOf), counts: countAlerts(view, filter) };
    if (known.size < mostRemembered) remembered.set(view, known.set(name, answer));
    return answer;
  };
  return async (namespace: string, asked: AlertFilter & Paging): Promise<GroupPage> => {
    const paging = {
      limit: pageSize(asked.limit),
      after: placeOf(asked.cursor, ['number', 'number', 'number', 'number', 'string']),
    };
    const view = firing(namespace);
    const { groups, counts } = found(view, asked);
    const { items, nextCursor, total } = pageOf(groups, ({ place }) => place, paging);
    const { items: page, lastFiredMs } = await shown(namespace, items);
    return { items: page, nextCursor, total, counts, lastFiredMs, revision: view.revision };
  };
}

/** What the ledger and history know of some groups. */
export function showGroups({ reads, recent }: Omit<Grouping, 'firing'>) {
  return async (
    namespace: string,
    groups: readonly FiringGroup[],
  ): Promise<{ items: ShownGroup[]; lastFiredMs: number | undefined }> => {
    const { counts, lastFiredMs } = await recent(namespace);
    if (groups.length === 0) return { items: [], lastFiredMs };
    const named = groups.map(({ route, key }) => ({ routeId: route.id, groupKey: key }));
    const waiting = await reads.groups(namespace, named);
    const last = await reads.lastNotifications(waiting.map(({ no }) => no));
    const name = (routeId: string, key: string): string => `${routeId}\n${key}`;
    const byName = new Map(waiting.map((each) => [name(each.routeId, each.groupKey), each]));
    const lastOf = new Map(last.map((each) => [each.groupNo, each]));
    const items = groups.map((group): ShownGroup => {
      const own = byName.get(name(group.route.id, group.key));
      const lastSent = own === undefined ? undefined : lastOf.get(own.no);
      return { group, waiting: own, last: lastSent, firedLastHour: counts(group) };
    });
    return { items, lastFiredMs };
  };
}
