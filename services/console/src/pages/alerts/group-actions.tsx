import type { AlertJson } from '@tmws/contracts/alerting';
import type { Api } from '../../api/api.ts';
import { type Alert, readAlert } from '../../model/alert.ts';
import { type AlertGroup, waitingCount } from '../../model/alert-group.ts';
import { useConsole } from '../../state/console.ts';
import { type CardPart, useAlerts } from './alerts-context.ts';

/** One main button, and what else can be done. */
export function GroupActions({ group }: { group: AlertGroup }) {
  const { api } = useConsole();
  const { actions, mayAct, me, part } = useAlerts();
  const waiting = waitingCount(group);
  const busy = actions.busy.value;
  const isMine = group.alerts.length > 0 && group.alerts.every(({ assignee }) => assignee === me && me !== '');
  const runbook = runbookOf(group);
  const open = part.value?.group === group.id ? part.value.part : undefined;
  const toggle = (which: CardPart) => (): void => {
    part.value = open === which ? undefined : { group: group.id, part: which };
  };
  return (
    <div class="actions">
      {mayAct && waiting > 0 && (
        <button
          type="button"
          class="primary"
          disabled={busy}
          title="Acknowledge: a"
          onClick={() => void acknowledge(api, group, actions.acknowledge)}
        >
          Acknowledge {waiting.toLocaleString('en')}
        </button>
      )}
      {mayAct && !isMine && (
        <button
          type="button"
          disabled={busy}
          title="Make them mine: o"
          onClick={() => void everyOne(api, group).then((all) => actions.assign(ids(all), 'me'))}
        >
          Assign to me
        </button>
      )}
      {mayAct && (
        <button type="button" title="Silence: s" aria-expanded={open === 'silence'} onClick={toggle('silence')}>
          Silence
        </button>
      )}
      {mayAct && (
        <button type="button" aria-expanded={open === 'note'} onClick={toggle('note')}>
          Note
        </button>
      )}
      <button type="button" aria-expanded={open === 'explain'} onClick={toggle('explain')}>
        Explain
      </button>
      {runbook !== undefined && (
        <a class="button" href={runbook} target="_blank" rel="noreferrer noopener" title="Runbook: u">
          Runbook
        </a>
      )}
      {/* Not where the main button was, so that a second press does not undo the first. */}
      {mayAct && waiting === 0 && group.acknowledgedCount > 0 && (
        <button
          type="button"
          disabled={busy}
          onClick={() =>
            void everyOne(api, group).then((all) =>
              actions.unacknowledge(ids(all.filter(({ acknowledged }) => acknowledged !== undefined))),
            )
          }
        >
          Take back
        </button>
      )}
    </div>
  );
}

/** Where to read what to do: only an address of the web. */
export const runbookOf = ({ commonAnnotations, alerts }: AlertGroup): string | undefined => {
  const text =
    commonAnnotations.runbook_url ??
    alerts.find(({ annotations }) => annotations.runbook_url !== undefined)?.annotations.runbook_url ??
    '';
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
};

const ids = (alerts: readonly Alert[]): string[] => alerts.map(({ fingerprint }) => fingerprint);

/** Those that are told of and nobody looks after. */
export async function acknowledge(
  api: Api,
  group: AlertGroup,
  send: (fingerprints: readonly string[]) => Promise<boolean>,
): Promise<void> {
  const all = await everyOne(api, group);
  const waiting = all.filter(({ state, acknowledged }) => state === 'active' && acknowledged === undefined);
  await send(ids(waiting.length > 0 ? waiting : all));
}

/** All alerts of a group, also those beyond the few that come with it. */
export async function everyOne(api: Api, group: AlertGroup): Promise<readonly Alert[]> {
  if (group.alerts.length >= group.alertCount) return group.alerts;
  const all: Alert[] = [];
  let cursor = '';
  do {
    const page = await pageOf(api, group, cursor);
    all.push(...page.alerts);
    cursor = page.nextCursor;
  } while (cursor !== '');
  return all;
}

/** As many of a group as one answer brings, the worst first. @param cursor  empty: from the first */
export async function pageOf(
  api: Api,
  { id }: AlertGroup,
  cursor: string,
): Promise<{ readonly alerts: readonly Alert[]; readonly nextCursor: string }> {
  const page = await api.get<{ items?: AlertJson[]; nextCursor?: string }>('alerts', { group: id, limit: '500', cursor });
  return { alerts: (page.items ?? []).map(readAlert), nextCursor: page.nextCursor ?? '' };
}
