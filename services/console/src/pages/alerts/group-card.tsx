import { ownersOf, nextEscalation, sharedLabels, type AlertGroup, waitingCount } from '../../model/alert-group.ts';
import { restOf, summaryOf, titleOf } from '../../model/alert.ts';
import { notificationLook } from '../../model/receiver.ts';
import { Age, Ago } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { AlertSpark } from '../../ui/alert-spark.tsx';
import { LinkedText } from '../../ui/alert-text.tsx';
import { memo } from '../../ui/memo.ts';
import { useAlerts } from './alerts-context.ts';
import { CardParts } from './card-parts.tsx';
import { GroupActions } from './group-actions.tsx';
import { GroupAlerts } from './group-alerts.tsx';

/** One group: what it is, since when, whose, who was told, and what can be done. */
export const GroupCard = memo(function GroupCard({ group, open }: { group: AlertGroup; open: boolean }) {
  const { onOpen, onLabel, selected, mayAct } = useAlerts();
  const labels = sharedLabels(group);
  const title = `card-${group.id}`;
  const summary = summaryOf(group.commonAnnotations);
  const chosen = selected.value.has(group.id);
  const select = (): void => {
    const next = new Set(selected.value);
    if (!next.delete(group.id)) next.add(group.id);
    selected.value = next;
  };
  return (
    <article class={classOf(group, chosen)} aria-labelledby={title}>
      <div class="card-head">
        {mayAct && (
          <label class="card-select">
            <input type="checkbox" checked={chosen} onChange={select} aria-label={`Select ${titleOf(labels)}`} />
          </label>
        )}
        <SeverityMark severity={group.severity} />
        <div class="card-name">
          <h2 id={title}>
            <button type="button" class="card-title" data-card aria-expanded={open} onClick={() => onOpen(group.id)}>
              {titleOf(labels)}
            </button>
          </h2>
          <AlertLabels labels={restOf(labels)} onChoose={onLabel} />
        </div>
        <span class="card-age">
          {group.gone === true ? (
            'ended'
          ) : (
            <>
              for <Age sinceMs={group.startsMs} />
            </>
          )}
        </span>
        <AlertSpark fired={group.fired} />
      </div>
      {summary !== '' && (
        <p class="card-summary">
          <LinkedText text={summary} />
        </p>
      )}
      <div class="card-foot">
        <Facts group={group} />
        {group.gone !== true && <GroupActions group={group} />}
      </div>
      <CardParts group={group} />
      {open && <GroupAlerts group={group} />}
    </article>
  );
});

const classOf = (group: AlertGroup, chosen: boolean): string =>
  ['card', waitingCount(group) === 0 && 'calm', group.gone === true && 'gone', chosen && 'chosen'].filter(Boolean).join(' ');

/** How many, in which state, whose, and who was told. */
function Facts({ group }: { group: AlertGroup }) {
  const { alertCount, suppressedCount, acknowledgedCount, flappingCount, told } = group;
  const damped = group.alerts.filter(({ state }) => state === 'damped').length;
  const owner = ownersOf(group);
  const escalation = nextEscalation(group);
  return (
    <ul class="alert-state" aria-label="State">
      <li class="fact-count">{alertCount === 1 ? '1 alert' : `${alertCount.toLocaleString('en')} alerts`}</li>
      {acknowledgedCount > 0 && <li class="fact tone-good">✓ {part(acknowledgedCount, alertCount)}acknowledged</li>}
      {owner !== undefined && <li class="fact tone-active">◉ {owner}</li>}
      {suppressedCount > 0 && <li class="fact tone-quiet">⊘ {part(suppressedCount, alertCount)}suppressed</li>}
      {flappingCount > 0 && <li class="fact tone-retrying">∿ {part(flappingCount, alertCount)}flapping</li>}
      {damped > 0 && <li class="fact tone-quiet">≈ {part(damped, alertCount)}damped</li>}
      {escalation !== undefined && (
        <li class="fact tone-bad">
          ↑ escalates to {escalation.next} <Ago ms={escalation.nextMs} />
        </li>
      )}
      <li class="fact-told">
        {told === undefined ? (
          <>nobody was told; goes to {group.receiver}</>
        ) : (
          <>
            <span class={`tone-${notificationLook(told.status).tone}`}>
              {notificationLook(told.status).sign} {notificationLook(told.status).word}
            </span>{' '}
            to {told.receiver} by {told.integration} <Ago ms={told.finishedMs ?? told.createdMs} />
            {told.status === 'dead' && told.error !== '' && `: ${told.error}`}
          </>
        )}
      </li>
    </ul>
  );
}

/** All of them need no number. */
const part = (count: number, all: number): string =>
  count >= all ? (all === 1 ? '' : 'all ') : `${count.toLocaleString('en')} `;
