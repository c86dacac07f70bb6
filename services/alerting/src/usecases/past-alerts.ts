import { Problem } from '@tmws/problems';
import { pastAlerts } from '../domain/past-alerts.ts';
import type { Route } from '../domain/route-tree.ts';
import { severityRank } from '../domain/severity.ts';
import type { Clock, StoredAlert } from '../ports.ts';
import type { AlertReads } from '../read-ports.ts';
import { type AlertFilter, passesCounted, readFilter } from './alert-filter.ts';
import { placementsOf } from './placements.ts';
import { alertPlace, type FiringAlert } from './firing-alerts.ts';
import type { Paging } from './list-alerts.ts';
import { comparePlaces, type Page, pageOf, pageSize, placeOf } from './page.ts';

interface Looking {
  readonly reads: Pick<AlertReads, 'firingAt'>;
  readonly root: () => Route;
  readonly clock: Clock;
  readonly retentionMs: number;
}

const mostAlerts = 100_000;
const nothingMutes = { silencedBy: [], inhibitedBy: [], mutedBy: [], inhibitions: [] };

/**
 * What fired at an instant, as history has it: who looked after it then, and nothing of what muted it. Receivers are those of the
 * configuration in force.
 *
 * @throws Problem `invalid` for what is no filter, lies ahead, or is not kept any more
 */
export function listPastAlerts({ reads, root, clock, retentionMs }: Looking) {
  return async (namespace: string, asked: AlertFilter & Paging, atMs: number): Promise<Page<FiringAlert>> => {
    const filter = readFilter(asked);
    const paging = { limit: pageSize(asked.limit), after: placeOf(asked.cursor, ['number', 'number', 'string']) };
    const nowMs = clock();
    const oldestMs = nowMs - retentionMs;
    if (atMs > nowMs || atMs < oldestMs) {
      const why = atMs > nowMs ? 'lies ahead' : 'is not kept any more';
      const range = `${new Date(oldestMs).toISOString()} to ${new Date(nowMs).toISOString()}`;
      throw new Problem('invalid', `at must be a time from ${range} (${new Date(atMs).toISOString()} ${why})`, { field: 'at' });
    }
    const entries = await reads.firingAt(namespace, atMs, mostAlerts);
    const found: FiringAlert[] = [];
    for (const past of pastAlerts(entries).values()) {
      const alert: StoredAlert = {
        ...past,
        namespace,
        endsAtMs: Infinity,
        timeout: true,
        told: 'firing',
        toldAtMs: past.updatedAtMs,
        revision: 0n,
      };
      const one: FiringAlert = {
        alert,
        state: 'active',
        status: nothingMutes,
        placements: placementsOf(root(), past.labels),
        rank: severityRank(past.labels),
      };
      if (passesCounted(filter, one) && filter.acknowledged(past.acknowledged !== undefined)) found.push(one);
    }
    found.sort((a, b) => comparePlaces(alertPlace(a), alertPlace(b)));
    return pageOf(filter.state('active') ? found : [], alertPlace, paging);
  };
}
