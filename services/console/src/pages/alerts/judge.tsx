import { verdictIn, type HistoryEntry } from '../../model/alert-history.ts';
import type { Alert } from '../../model/alert.ts';
import { linkTo } from '../../state/address.ts';
import type { AlertActions } from '../../state/alert-actions.ts';
import { useConsole } from '../../state/console.ts';

interface Props {
  alert: Alert;
  /** The latest first. */
  entries: readonly HistoryEntry[];
  actions: AlertActions;
  mayAct: boolean;
}

const words = { true_positive: 'Right', false_positive: 'Wrong' } as const;

/** Was the rule right? What people said, and the way to say it. */
export function Judge({ alert, entries, actions, mayAct }: Props) {
  const { router } = useConsole();
  const { fingerprint, labels, startsMs } = alert;
  const { verdict, by } = verdictIn(entries, startsMs);
  const rule = labels.rule_id ?? '';
  return (
    <div class="judge" role="group" aria-label="Was the rule right?">
      <span>
        Made by {rule === '' ? 'a rule' : <a href={linkTo({ name: 'rule', id: rule }, router.search.value)}>a rule</a>}
        {verdict === ''
          ? mayAct
            ? '. Was it right?'
            : ', not judged yet'
          : `, judged ${verdict === 'true_positive' ? 'right' : 'wrong'}`}
        {verdict !== '' && by !== '' && ` by ${by}`}
      </span>
      {mayAct &&
        (['true_positive', 'false_positive'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={verdict === each}
            disabled={actions.busy.value}
            onClick={() => void actions.judge([fingerprint], verdict === each ? '' : each)}
          >
            {words[each]}
          </button>
        ))}
    </div>
  );
}
