import { useSignal } from '@preact/signals';
import { type AlertGroup, sharedLabels } from '../../model/alert-group.ts';
import type { Labels } from '../../model/alert.ts';
import { AlertRow } from './alert-row.tsx';

/** As many as are made at once. */
const atFirst = 20;

/** The alerts of a group, the worst first. */
export function GroupAlerts({ group }: { group: AlertGroup }) {
  const all = useSignal(false);
  const shared: Labels = sharedLabels(group);
  const shown = all.value ? group.alerts : group.alerts.slice(0, atFirst);
  const hidden = group.alerts.length - shown.length;
  const beyond = group.alertCount - group.alerts.length;
  return (
    <>
      <ul class="alert-rows" aria-label="Alerts of the group">
        {shown.map((alert) => (
          <AlertRow key={alert.fingerprint} alert={alert} shared={shared} group={group.id} />
        ))}
      </ul>
      {hidden > 0 && (
        <p class="more">
          <button type="button" onClick={() => (all.value = true)}>
            And {hidden} more
          </button>
        </p>
      )}
      {hidden === 0 && beyond > 0 && (
        <p class="more quiet">And {beyond.toLocaleString('en')} more; a filter by one of their labels brings them.</p>
      )}
    </>
  );
}
