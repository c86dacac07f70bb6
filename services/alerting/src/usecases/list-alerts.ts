import { type AlertFilter, passesCounted, readFilter } from './alert-filter.ts';
import { alertPlace, type FiringAlert, type FiringView } from './firing-alerts.ts';
import { type Page, pageOf, pageSize, placeOf } from './page.ts';

export interface Paging {
  /** 0: as many as is usual. */
  readonly limit: number;
  readonly cursor: string;
}

interface Listing {
  readonly firing: (namespace: string) => FiringView;
}

/** Alerts that fire now; the worst first, then the longest firing. @throws Problem `invalid` */
export function listAlerts({ firing }: Listing) {
  return (namespace: string, asked: AlertFilter & Paging): Page<FiringAlert> => {
    const filter = readFilter(asked);
    const paging = { limit: pageSize(asked.limit), after: placeOf(asked.cursor, ['number', 'number', 'string']) };
    const found = firing(namespace).alerts.filter(
      (each) =>
        filter.state(each.state) && filter.acknowledged(each.alert.acknowledged !== undefined) && passesCounted(filter, each),
    );
    return pageOf(found, alertPlace, paging);
  };
}
