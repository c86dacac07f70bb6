import type { GetNotificationResponseJson } from '@tmws/contracts/deliveries';
import { readDoc } from '../../model/notification-doc.ts';
import { titleOf } from '../../model/alert.ts';
import { linkTo } from '../../state/address.ts';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** What a message holds: its alerts, and the data it is made of. */
export function DeliveryMessage({ id, groupId }: { id: string; groupId: string }) {
  const { api, router } = useConsole();
  const path = `notifications/${encodeURIComponent(id)}`;
  const found = useOpened(() => openAnswer(api, path, ({ doc = '' }: GetNotificationResponseJson) => readDoc(doc)), [api, path]);
  const [doc, problem] = [found.value.value, found.problem.value];
  const search = router.search.value;
  const groups = linkTo({ name: 'alerts', view: 'groups' }, search);
  return (
    <div class="part message-doc">
      <p class="quiet">
        <code class="id">{id}</code> about{' '}
        <a href={`${groups}${groups.includes('?') ? '&' : '?'}group=${encodeURIComponent(groupId)}`}>its group</a>
      </p>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The message" stale={doc !== undefined} retry={() => void found.load()} />
      )}
      {doc === undefined && problem === undefined && <Skeleton what="the message" heights={[60, 120]} />}
      {doc !== undefined && (
        <>
          {doc.alerts.length > 0 && (
            <ul class="preview-alerts" aria-label="Alerts of the message">
              {doc.alerts.map(({ fingerprint, status, labels, summary }) => (
                <li key={fingerprint}>
                  <SeverityMark severity={labels.severity ?? ''} />
                  <a href={linkTo({ name: 'alert', fingerprint }, search)}>{titleOf(labels)}</a>
                  <span class={status === 'resolved' ? 'tone-good' : 'tone-bad'}>{status}</span>
                  {summary !== '' && <span class="quiet">{summary}</span>}
                </li>
              ))}
            </ul>
          )}
          {doc.json === '' ? (
            <p class="quiet">What was in it is not kept any more.</p>
          ) : (
            <details>
              <summary>As JSON</summary>
              <pre class="config" tabIndex={0} aria-label="The message as JSON">
                {doc.json}
              </pre>
            </details>
          )}
        </>
      )}
    </div>
  );
}
