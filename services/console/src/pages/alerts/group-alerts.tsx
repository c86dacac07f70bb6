import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type AlertGroup, sharedLabels } from '../../model/alert-group.ts';
import type { Alert, Labels } from '../../model/alert.ts';
import { useConsole } from '../../state/console.ts';
import { AlertRow } from './alert-row.tsx';
import { pageOf } from './group-actions.tsx';

/** The alerts of a group, the worst first. */
export function GroupAlerts({ group }: { group: AlertGroup }) {
  const { api } = useConsole();
  const more = useSignal(false);
  const asked = useSignal<readonly Alert[]>([]);
  useEffect(() => {
    if (!more.value) return undefined;
    const here = { still: true };
    void pageOf(api, group, '').then(
      ({ alerts }) => here.still && (asked.value = alerts),
      () => undefined,
    );
    return () => void (here.still = false);
  }, [api, group, more.value]);
  const shared: Labels = sharedLabels(group);
  const shown = asked.value.length > 0 ? asked.value : group.alerts;
  const hidden = group.alertCount - shown.length;
  return (
    <>
      <ul class="alert-rows" aria-label="Alerts of the group">
        {shown.map((alert) => (
          <AlertRow key={alert.fingerprint} alert={alert} shared={shared} group={group.id} />
        ))}
      </ul>
      {hidden > 0 && !more.value && (
        <p class="more">
          <button type="button" onClick={() => (more.value = true)}>
            And {hidden.toLocaleString('en')} more
          </button>
        </p>
      )}
      {hidden > 0 && asked.value.length > 0 && (
        <p class="more quiet">And {hidden.toLocaleString('en')} more; a filter by one of their labels brings them.</p>
      )}
    </>
  );
}
