import { type AlertGroup, sharedLabels, waitingCount } from '../../model/alert-group.ts';
import { matchersOf, matcherText } from '../../model/label-matcher.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { useAlerts } from './alerts-context.ts';
import { everyOne } from './group-actions.tsx';

/** What can be done with all that is selected. */
export function BulkBar({ groups }: { groups: readonly AlertGroup[] }) {
  const { api, router } = useConsole();
  const { selected, actions, mayAct } = useAlerts();
  const chosen = groups.filter(({ id, gone }) => selected.value.has(id) && gone !== true);
  if (chosen.length === 0) return null;
  const alerts = chosen.reduce((sum, { alertCount }) => sum + alertCount, 0);
  const waiting = chosen.reduce((sum, group) => sum + waitingCount(group), 0);
  const all = async () => (await Promise.all(chosen.map((group) => everyOne(api, group)))).flat();
  const acknowledge = async (): Promise<void> => {
    const those = (await all()).filter(({ state, acknowledged }) => state === 'active' && acknowledged === undefined);
    if (await actions.acknowledge(unique(those))) selected.value = new Set();
  };
  const own = async (): Promise<void> => {
    if (await actions.assign(unique(await all()), 'me')) selected.value = new Set();
  };
  const silence = (): void => {
    const url = new URL(linkTo({ name: 'alerts', view: 'silences' }, router.search.value), location.origin);
    const matchers = matchersOf(chosen.map(sharedLabels)).map(matcherText).join(', ');
    router.go(`${url.pathname}?${withParameters(url.searchParams, { new: matchers }).toString()}`);
  };
  return (
    <div class="bulk" role="group" aria-label="Selected groups">
      <strong>
        {chosen.length === 1 ? '1 group' : `${chosen.length} groups`},{' '}
        {alerts === 1 ? '1 alert' : `${alerts.toLocaleString('en')} alerts`}
      </strong>
      {mayAct && waiting > 0 && (
        <button type="button" class="primary" onClick={() => void acknowledge()}>
          Acknowledge {waiting.toLocaleString('en')}
        </button>
      )}
      {mayAct && (
        <button type="button" onClick={() => void own()}>
          Assign to me
        </button>
      )}
      {mayAct && (
        <button type="button" onClick={silence}>
          Silence…
        </button>
      )}
      <button type="button" class="plain" onClick={() => (selected.value = new Set())}>
        Clear
      </button>
    </div>
  );
}

const unique = (alerts: readonly { fingerprint: string }[]): string[] => [
  ...new Set(alerts.map(({ fingerprint }) => fingerprint)),
];
