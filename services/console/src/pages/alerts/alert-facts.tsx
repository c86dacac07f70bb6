import type { ComponentChildren } from 'preact';
import type { Alert } from '../../model/alert.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { LinkedText, OutLink } from '../../ui/alert-text.tsx';

/** What is known of an alert: what its rule says, where it comes from, who hears of it, who looks after it. */
export function AlertFacts({ alert }: { alert: Alert }) {
  const { router } = useConsole();
  const silences = linkTo({ name: 'alerts', view: 'silences' }, router.search.value);
  const { acknowledged, escalation } = alert;
  return (
    <dl class="alert-facts">
      {Object.entries(alert.annotations).map(([name, value]) => (
        <Fact key={name} name={name}>
          <span class="annotation">
            <LinkedText text={value} />
          </span>
        </Fact>
      ))}
      <Fact name={alert.status === 'resolved' ? 'fired' : 'since'}>
        <Ago ms={alert.startsMs} />
      </Fact>
      {alert.endsMs !== undefined && (
        <Fact name={alert.status === 'resolved' ? 'ended' : 'ends unless sent again'}>
          <Ago ms={alert.endsMs} />
        </Fact>
      )}
      {alert.receivers.length > 0 && <Fact name="told to">{alert.receivers.join(', ')}</Fact>}
      {acknowledged !== undefined && (
        <Fact name="acknowledged">
          by {acknowledged.by} <Ago ms={acknowledged.atMs} />
          {acknowledged.comment !== '' && <>: {acknowledged.comment}</>}
        </Fact>
      )}
      {alert.assignee !== '' && <Fact name="owner">{alert.assignee}</Fact>}
      {escalation !== undefined && (
        <Fact name="escalation">
          step {escalation.step} of {escalation.steps}
          {escalation.next !== '' && (
            <>
              , next to {escalation.next} <Ago ms={escalation.nextMs} />
            </>
          )}
        </Fact>
      )}
      {alert.silencedBy.length > 0 && (
        <Fact name="silenced by">
          {alert.silencedBy.map((id) => (
            <a key={id} class="id" href={`${silences}${silences.includes('?') ? '&' : '?'}id=${encodeURIComponent(id)}`}>
              {id.slice(0, 8)}
            </a>
          ))}
        </Fact>
      )}
      {alert.inhibitedBy.length > 0 && (
        <Fact name="inhibited by">
          {alert.inhibitedBy.map((fingerprint) => (
            <a key={fingerprint} class="id" href={linkTo({ name: 'alert', fingerprint }, router.search.value)}>
              {fingerprint}
            </a>
          ))}
        </Fact>
      )}
      {alert.mutedBy.length > 0 && <Fact name="muted by">{alert.mutedBy.join(', ')}</Fact>}
      {alert.generatorUrl !== '' && (
        <Fact name="made by">
          <OutLink href={alert.generatorUrl} text={alert.generatorUrl} />
        </Fact>
      )}
      <Fact name="fingerprint">
        <code>{alert.fingerprint}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
