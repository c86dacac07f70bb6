import type { Metrics } from '@tmws/telemetry';
import { type AlertFault, isResolved, type PostedAlert } from '../../domain/alert.ts';
import { parseInstant } from '../../domain/instant.ts';

/** Counts what came in, by Alertmanager's names, so that its dashboards and rules can be used. */
export type Received = (posted: readonly PostedAlert[], faults: readonly AlertFault[], nowMs: number) => void;

export function countReceived(metrics: Metrics): Received {
  const taken = metrics.counter('alertmanager_alerts_received_total', 'alerts that arrived', ['status', 'version']);
  const refused = metrics.counter('alertmanager_alerts_invalid_total', 'alerts that arrived and were not valid', ['version']);
  for (const status of ['firing', 'resolved']) taken.inc({ status, version: 'v2' }, 0);
  refused.inc({ version: 'v2' }, 0);
  return (posted, faults, nowMs) => {
    const resolved = posted.filter(({ endsAt }) => {
      const endsAtMs = parseInstant(endsAt ?? '');
      return typeof endsAtMs === 'number' && isResolved({ endsAtMs }, nowMs);
    }).length;
    taken.inc({ status: 'resolved', version: 'v2' }, resolved);
    taken.inc({ status: 'firing', version: 'v2' }, posted.length - resolved);
    refused.inc({ version: 'v2' }, faults.length);
  };
}
