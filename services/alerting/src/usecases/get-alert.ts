import { Problem } from '@tmws/problems';
import type { Route } from '../domain/route-tree.ts';
import type { StoredAlert } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import { readFilter } from './alert-filter.ts';
import type { Board } from './board.ts';
import type { FiringView } from './firing-alerts.ts';
import { firingGroups } from './firing-groups.ts';
import { type ShownGroup, showGroups } from './list-groups.ts';
import type { RecentFirings } from './recent-firings.ts';

interface Getting {
  readonly board: Board;
  readonly firing: (namespace: string) => FiringView;
  readonly reads: AlertReads;
  readonly recent: (namespace: string) => Promise<RecentFirings>;
}

const everything = readFilter({ filters: [], states: [], receiver: '', assignee: '' });

/** One alert that is known, and the groups it is told in while it fires. @throws Problem `not_found` */
export function getAlert(getting: Getting) {
  const { board, firing } = getting;
  const shown = showGroups(getting);
  return async (namespace: string, fingerprint: string): Promise<{ alert: StoredAlert; groups: ShownGroup[] }> => {
    const alert = findAlert(board, namespace, fingerprint);
    const view = firing(namespace);
    const own = board.placements(alert);
    const isOwn = (one: { readonly route: Route; readonly key: string }): boolean =>
      own.some(({ route, key }) => one.key === key && one.route === route);
    const placed = view.alerts.filter(({ placements }) => placements.some(isOwn));
    const groups = firingGroups({ ...view, alerts: placed }, everything).filter(isOwn);
    return { alert, groups: (await shown(namespace, groups)).items };
  };
}

/** @throws Problem `not_found` */
export function findAlert(board: Pick<Board, 'alert'>, namespace: string, fingerprint: string): StoredAlert {
  const alert = board.alert(namespace, fingerprint);
  if (alert !== undefined) return alert;
  throw new Problem(
    'not_found',
    `there is no alert ${JSON.stringify(fingerprint.slice(0, 80))}, or it was resolved long ago: its history may still be kept`,
    { field: 'fingerprint' },
  );
}
