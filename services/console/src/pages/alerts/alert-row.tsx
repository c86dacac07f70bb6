import { useSignal } from '@preact/signals';
import { type Alert, type Labels, mutedWords, ownerWords, restOf, summaryOf, titleOf } from '../../model/alert.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { Age } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { LinkedText } from '../../ui/alert-text.tsx';
import { memo } from '../../ui/memo.ts';
import { AlertFacts } from './alert-facts.tsx';
import { useAlerts } from './alerts-context.ts';

interface Props {
  alert: Alert;
  /** Labels that are told above it. */
  shared: Labels;
  group?: string;
}

/** One alert among others: what sets it apart, since when, its state, and what can be done. */
export const AlertRow = memo(function AlertRow({ alert, shared }: Props) {
  const { router } = useConsole();
  const { onLabel, actions, mayAct, atMs } = useAlerts();
  const open = useSignal(false);
  const own = restOf(alert.labels, shared);
  const severity = alert.labels.severity ?? '';
  const summary = summaryOf(alert.annotations);
  const owner = ownerWords(alert);
  const muted = mutedWords(alert);
  return (
    <li class="alert-row" data-alert={alert.fingerprint}>
      <div class="alert-row-head">
        {severity !== (shared.severity ?? '') && <SeverityMark severity={severity} />}
        {shared.alertname === undefined && <strong>{titleOf(alert.labels)}</strong>}
        <AlertLabels labels={own} onChoose={onLabel} />
        {own.length === 0 && shared.alertname !== undefined && <span class="quiet">no further labels</span>}
        <span class="alert-row-age">
          for <Age sinceMs={alert.startsMs} untilMs={atMs} />
        </span>
      </div>
      {summary !== '' && (
        <p class="alert-row-summary">
          <LinkedText text={summary} />
        </p>
      )}
      <div class="alert-row-foot">
        {alert.state === 'suppressed' && <span class="fact tone-quiet">⊘ {muted === '' ? 'suppressed' : muted}</span>}
        {alert.state === 'damped' && <span class="fact tone-quiet">≈ damped</span>}
        {alert.flapping && <span class="fact tone-retrying">∿ flapping</span>}
        {owner !== undefined && (
          <span class={`fact ${alert.acknowledged === undefined ? 'tone-active' : 'tone-good'}`}>
            {alert.acknowledged === undefined ? '◉' : '✓'} {owner}
          </span>
        )}
        {mayAct && alert.acknowledged === undefined && (
          <button type="button" class="link" onClick={() => void actions.acknowledge([alert.fingerprint])}>
            Acknowledge
          </button>
        )}
        <button type="button" class="link" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
          Details
        </button>
        <a href={linkTo({ name: 'alert', fingerprint: alert.fingerprint }, router.search.value)}>History and explain</a>
      </div>
      {open.value && <AlertFacts alert={alert} />}
    </li>
  );
});
