import type { AlertHistoryEntryJson, GetAlertResponseJson } from '@tmws/contracts/alerting';
import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type HistoryEntry, readEntry } from '../../model/alert-history.ts';
import { readAlert, restOf, summaryOf, titleOf } from '../../model/alert.ts';
import { exactly } from '../../model/label-matcher.ts';
import { madeByRule } from '../../model/rule.ts';
import { newDraft } from '../../model/silence.ts';
import { linkTo } from '../../state/address.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openAnswer, openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/use-keys.ts';
import { Age } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { SeverityMark } from '../../ui/alert-severity-mark.tsx';
import { LinkedText } from '../../ui/alert-text.tsx';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { DoneBar } from './done-bar.tsx';
import { Explanation } from './explanation.tsx';
import { HistoryList } from './history-list.tsx';
import { Judge } from './judge.tsx';
import { NoteForm } from './note-form.tsx';
import { SilenceForm } from './silence-form.tsx';

const againMs = 5_000;

/** One alert: what it is, who is told and why, and all that happened to it. */
export function AlertView({ fingerprint, views }: { fingerprint: string; views: ComponentChildren }) {
  const { api, announcer, router, session } = useConsole();
  const path = `alerts/${fingerprint}`;
  const found = useOpened(() => openAnswer(api, path, (json: GetAlertResponseJson) => readAlert(json.alert ?? {})), [api, path]);
  const history = useOpened(() => openPages<AlertHistoryEntryJson, HistoryEntry>(api, `${path}/history`, readEntry), [api, path]);
  const part = useSignal<'silence' | 'note' | undefined>(undefined);
  const explains = useSignal(0);
  const reload = (): void => {
    void found.load();
    void history.load();
  };
  const actions = useMemo(() => openAlertActions(api, announcer, reload), [api, path]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), againMs);
    return () => {
      clearInterval(timer);
      actions.close();
    };
  }, [actions]);
  const alert = found.value.value;
  const problem = found.problem.value;
  const labels = alert?.labels ?? history.items.value?.find(({ labels: known }) => Object.keys(known).length > 0)?.labels ?? {};
  const name = titleOf(labels);
  useEffect(() => {
    document.title = `${alert === undefined ? 'Alert' : name} · TMWS`;
  }, [alert === undefined, name]);
  const groups = linkTo({ name: 'alerts', view: 'groups' }, router.search.value);
  const mayAct = session.may('operate') && alert?.status === 'firing';
  const done = (): void => void (part.value = undefined);
  useKeys({
    acknowledge: () => mayAct && void actions.acknowledge([fingerprint]),
    own: () => mayAct && void actions.assign([fingerprint], 'me'),
    silence: () => mayAct && (part.value = 'silence'),
    runbook: () => {
      const runbook = alert?.annotations.runbook_url ?? '';
      if (/^https?:\/\//i.test(runbook)) open(runbook, '_blank', 'noopener');
    },
    back: () => {
      if (part.peek() === undefined) router.go(groups);
      else part.value = undefined;
    },
  });
  return (
    <>
      <p class="crumbs">
        <a href={groups}>Alerts</a> <span aria-hidden="true">/</span> <code>{fingerprint}</code>
      </p>
      <div class="head alerts-head">
        <h1>{alert === undefined && Object.keys(labels).length === 0 ? 'Alert' : name}</h1>
        {views}
        <span class="head-end">
          <CopyAs path={path} command={['alert', 'get', fingerprint]} />
        </span>
      </div>
      {problem !== undefined && problem.status !== 404 && (
        <ProblemNote problem={problem} what="The alert" stale={alert !== undefined} retry={() => void found.load()} />
      )}
      {problem?.status === 404 && (
        <section class="notice">
          <h2>This alert is not kept any more</h2>
          <p>
            {history.items.value?.length === 0
              ? 'Nothing is known of it.'
              : 'It ended a while ago; what happened to it is below.'}
          </p>
        </section>
      )}
      {alert === undefined && problem === undefined && <Skeleton what="the alert" heights={[160, 120]} />}
      {alert !== undefined && (
        <div class="alert-page">
          <section class={alert.status === 'resolved' ? 'card calm' : 'card'} aria-label="The alert">
            <div class="card-head">
              <SeverityMark severity={labels.severity ?? ''} />
              <strong class="alert-now">{stateWords(alert)}</strong>
              {alert.status !== 'resolved' && (
                <span class="card-age">
                  for <Age sinceMs={alert.startsMs} />
                </span>
              )}
            </div>
            <AlertLabels labels={restOf(labels)} onChoose={undefined} />
            {summaryOf(alert.annotations) !== '' && (
              <p class="card-summary">
                <LinkedText text={summaryOf(alert.annotations)} />
              </p>
            )}
            {mayAct && (
              <div class="actions">
                {alert.acknowledged === undefined ? (
                  <button
                    type="button"
                    class="primary"
                    disabled={actions.busy.value}
                    onClick={() => void actions.acknowledge([fingerprint])}
                  >
                    Acknowledge
                  </button>
                ) : (
                  <button type="button" onClick={() => void actions.unacknowledge([fingerprint])}>
                    Take back
                  </button>
                )}
                {alert.assignee !== session.who.value?.name && (
                  <button type="button" onClick={() => void actions.assign([fingerprint], 'me')}>
                    Assign to me
                  </button>
                )}
                <button
                  type="button"
                  aria-expanded={part.value === 'silence'}
                  onClick={() => (part.value = part.value === 'silence' ? undefined : 'silence')}
                >
                  Silence
                </button>
                <button
                  type="button"
                  aria-expanded={part.value === 'note'}
                  onClick={() => (part.value = part.value === 'note' ? undefined : 'note')}
                >
                  Note
                </button>
              </div>
            )}
            {madeByRule(labels) && (
              <Judge alert={alert} entries={history.items.value ?? []} actions={actions} mayAct={session.may('operate')} />
            )}
            {part.value === 'silence' && (
              <SilenceForm
                draft={newDraft(exactly(alert.labels))}
                onClose={done}
                onSaved={(words, undo) => {
                  done();
                  explains.value++;
                  actions.tell(words, undo && (() => undo().finally(reload)));
                  reload();
                }}
              />
            )}
            {part.value === 'note' && (
              <NoteForm
                count={1}
                onClose={done}
                onSend={async (text) => {
                  if (await actions.comment([fingerprint], text)) done();
                }}
              />
            )}
            <AlertFacts alert={alert} />
          </section>
          <section class="card" aria-label="Who is told and why">
            <h2>Who is told, and why</h2>
            <Explanation key={`${explains.value} ${alert.state} ${alert.status}`} fingerprint={fingerprint} />
          </section>
        </div>
      )}
      <h2 class="history-title">What happened to it</h2>
      {history.problem.value !== undefined && (
        <ProblemNote
          problem={history.problem.value}
          what="The history"
          stale={history.items.value !== undefined}
          retry={() => void history.load()}
        />
      )}
      {history.items.value?.length === 0 && <p class="notice">Nothing is kept of it.</p>}
      {history.items.value !== undefined && history.items.value.length > 0 && (
        <HistoryList entries={history.items.value} named={false} />
      )}
      <ShowMore pages={history} />
      <DoneBar actions={actions} />
    </>
  );
}

function stateWords({ status, state, flapping, acknowledged }: ReturnType<typeof readAlert>): string {
  if (status === 'resolved') return 'It has ended';
  const words = { suppressed: 'It fires and is suppressed', damped: 'It fires and is damped' }[state] ?? 'It fires';
  return [words, flapping ? 'flapping' : '', acknowledged === undefined ? '' : `acknowledged by ${acknowledged.by}`]
    .filter(Boolean)
    .join(', ');
}
