import type { ReplayNotificationsResponseJson } from '@tmws/contracts/deliveries';
import { type Signal, useSignal } from '@preact/signals';
import { ApiProblem } from '../../api/api.ts';
import type { Notification } from '../../model/alert-group.ts';
import { replayedWords } from '../../model/notification-doc.ts';
import type { AlertActions } from '../../state/alert-actions.ts';
import { useConsole } from '../../state/console.ts';

interface Props {
  /** Those in sight. */
  dead: readonly Notification[];
  selected: Signal<ReadonlySet<string>>;
  actions: AlertActions;
  /** That the list is narrowed to; empty: none. */
  receiver: string;
  /** The list holds nothing else, so that all of it can be sent again. */
  everything: boolean;
  onReplayed(): void;
}

/** Sends dead letters again: those selected, or all. */
export function DeadLettersBar({ dead, selected, actions, receiver, everything, onReplayed }: Props) {
  const { api } = useConsole();
  const busy = useSignal(false);
  const sure = useSignal(false);
  const problem = useSignal('');
  const count = selected.value.size;
  const replay = async (body: object): Promise<void> => {
    busy.value = true;
    problem.value = '';
    try {
      actions.tell(replayedWords(await api.post<ReplayNotificationsResponseJson>('notifications/replay', body)));
      sure.value = false;
    } catch (error) {
      problem.value = ApiProblem.from(error).message;
    }
    busy.value = false;
    onReplayed();
  };
  const all = receiver === '' ? 'all dead letters' : `all of ${receiver}`;
  return (
    <section class="bulk" aria-label="Dead letters">
      <strong>
        {count === 0 ? `${dead.length.toLocaleString('en')} given up in sight` : `${count.toLocaleString('en')} selected`}
      </strong>
      {problem.value !== '' && <span class="problem-line">Not sent again: {problem.value}</span>}
      {count < dead.length && (
        <button type="button" onClick={() => (selected.value = new Set(dead.map(({ id }) => id)))}>
          Select those in sight
        </button>
      )}
      {count > 0 && (
        <>
          <button type="button" onClick={() => (selected.value = new Set())}>
            Select none
          </button>
          <button type="button" class="primary" disabled={busy.value} onClick={() => void replay({ ids: [...selected.value] })}>
            Replay {count.toLocaleString('en')} selected
          </button>
        </>
      )}
      {everything &&
        count === 0 &&
        (sure.value ? (
          <>
            <button
              type="button"
              class="primary"
              disabled={busy.value}
              onClick={() => void replay({ all: true, ...(receiver !== '' && { receiver }) })}
            >
              Yes, replay {all}
            </button>
            <button type="button" onClick={() => (sure.value = false)}>
              No
            </button>
          </>
        ) : (
          <button type="button" onClick={() => (sure.value = true)}>
            Replay {all}
          </button>
        ))}
    </section>
  );
}
