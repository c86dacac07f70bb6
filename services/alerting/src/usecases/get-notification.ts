import { Problem } from '@tmws/problems';
import type { Route } from '../domain/route-tree.ts';
import type { AlertReads, LedgerEntry } from '../read-ports.ts';
import { notificationGroupId, uuid } from './list-notifications.ts';

interface Getting {
  readonly reads: Pick<AlertReads, 'notification'>;
  readonly routes: () => Iterable<Route>;
}

/** One message with its data. @throws Problem `not_found` */
export function getNotification({ reads, routes }: Getting) {
  return async (namespace: string, id: string): Promise<{ entry: LedgerEntry; groupId: string; doc: string }> => {
    const found = uuid.test(id) ? await reads.notification(namespace, id) : undefined;
    if (found === undefined)
      throw new Problem(
        'not_found',
        `there is no notification ${JSON.stringify(id.slice(0, 80))}; those there are: /api/v1/notifications`,
      );
    return { ...found, groupId: notificationGroupId(found.entry, [...routes()]) };
  };
}
