import { Problem } from '@tmws/problems';
import { groupIdOf } from '../domain/group-id.ts';
import type { Route } from '../domain/route-tree.ts';
import type { AlertReads, LedgerEntry, NotificationStatus } from '../read-ports.ts';
import type { Paging } from './list-alerts.ts';
import { cursorOf, pageSize, placeOf } from './page.ts';

export interface NotificationsAsked extends Paging {
  readonly statuses: readonly string[];
  readonly receiver: string;
  readonly groupId: string;
  readonly fingerprint: string;
}

interface Listing {
  readonly reads: Pick<AlertReads, 'notifications' | 'groupKeys'>;
  readonly routes: () => Iterable<Route>;
}

const statuses: readonly NotificationStatus[] = ['pending', 'sending', 'sent', 'dead', 'superseded', 'digested', 'replayed'];
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Messages as the ledger has them, the latest first. @throws Problem `invalid` */
export function listNotifications({ reads, routes }: Listing) {
  return async (
    namespace: string,
    { statuses: wanted, receiver, groupId, fingerprint, limit, cursor }: NotificationsAsked,
  ): Promise<{ items: { entry: LedgerEntry; groupId: string }[]; nextCursor: string }> => {
    const strange = wanted.find((status) => !statuses.some((known) => known === status));
    if (strange !== undefined) {
      throw new Problem(
        'invalid',
        `status must be some of ${statuses.join(', ')} (got ${JSON.stringify(strange.slice(0, 80))})`,
        {
          field: 'status',
        },
      );
    }
    const size = pageSize(limit);
    const place = placeOf(cursor, ['number', 'string']);
    const id = String(place?.[1]);
    if (place !== undefined && (!uuid.test(id) || !Number.isSafeInteger(place[0])))
      throw new Problem('invalid', 'cursor must be the nextCursor of a former answer to the same question', { field: 'cursor' });
    const tree = [...routes()];
    const nameOf = (entry: Pick<LedgerEntry, 'routeId' | 'groupKey' | 'receiver'>): string => notificationGroupId(entry, tree);
    const groupKeys =
      groupId === ''
        ? undefined
        : (await reads.groupKeys(namespace)).filter((each) => nameOf(each) === groupId).map(({ groupKey }) => groupKey);
    const entries = await reads.notifications(namespace, {
      statuses: wanted,
      receiver,
      groupKeys,
      fingerprint,
      before: place === undefined ? undefined : { atMs: Number(place[0]), id },
      limit: size + 1,
    });
    const page = entries.slice(0, size);
    const last = page.at(-1);
    return {
      items: page.map((entry) => ({ entry, groupId: nameOf(entry) })),
      nextCursor: entries.length > size && last !== undefined ? cursorOf([last.createdAtMs, last.id]) : '',
    };
  };
}

/** The group's id, also of one that is forgotten: then the first route that makes its key, one of the receiver if there is any. */
export function notificationGroupId(
  { routeId, groupKey, receiver }: Pick<LedgerEntry, 'routeId' | 'groupKey' | 'receiver'>,
  tree: readonly Route[],
): string {
  if (routeId !== undefined) return groupIdOf(routeId, groupKey);
  const makes = tree.filter(({ key }) => groupKey.startsWith(`${key}:{`));
  const route = makes.find(({ options }) => options.receiver === receiver) ?? makes[0];
  return groupIdOf(route?.id ?? '', groupKey);
}
