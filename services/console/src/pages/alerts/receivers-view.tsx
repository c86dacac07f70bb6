import type { ListReceiversResponseJson, GetRoutingResponseJson } from '@tmws/contracts/deliveries';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Integration, type Receiver, readReceiver, readRouting } from '../../model/receiver.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { IntegrationNotes } from './integration-notes.tsx';
import { ReceiverTest } from './receiver-test.tsx';
import { RoutesNow } from './routes-now.tsx';

const againMs = 10_000;

/** Who is told, whether it arrives, and by which route. */
export function ReceiversView({ views }: { views: ComponentChildren }) {
  const { api } = useConsole();
  const receivers = useOpened(
    () => openAnswer(api, 'receivers', (json: ListReceiversResponseJson) => (json.items ?? []).map(readReceiver)),
    [api],
  );
  const routing = useOpened(() => openAnswer(api, 'routing', (json: GetRoutingResponseJson) => readRouting(json)), [api]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      void receivers.load();
      void routing.load();
    }, againMs);
    return () => clearInterval(timer);
  }, [receivers, routing]);
  const [items, problem] = [receivers.value.value, receivers.problem.value];
  const routes = routing.value.value;
  return (
    <>
      <div class="head alerts-head">
        <h1>Receivers</h1>
        {views}
        <span class="head-end">
          <CopyAs path="receivers" command={['receiver', 'list']} />
        </span>
      </div>
      {routes !== undefined && routes.refused !== '' && (
        <section class="problem" aria-label="The configuration was refused">
          <div>
            <strong>The configuration was refused when it was last read; the one before holds.</strong>
            <pre class="refused">{routes.refused}</pre>
          </div>
        </section>
      )}
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The receivers" stale={items !== undefined} retry={() => void receivers.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="receivers" heights={[110, 110]} />}
      {items?.length === 0 && (
        <section class="notice">
          <h2>No receiver</h2>
          <p>Alerts are kept and shown here, and nobody is told. A configuration names who is.</p>
        </section>
      )}
      {items !== undefined && items.length > 0 && (
        <ul class="receivers">
          {items.map((receiver) => (
            <ReceiverCard key={receiver.name} receiver={receiver} />
          ))}
        </ul>
      )}
      {routing.problem.value !== undefined && (
        <ProblemNote
          problem={routing.problem.value}
          what="The routes"
          stale={routes !== undefined}
          retry={() => void routing.load()}
        />
      )}
      {routes !== undefined && <RoutesNow routing={routes} />}
    </>
  );
}

function ReceiverCard({ receiver: { name, integrations, routes } }: { receiver: Receiver }) {
  const { router } = useConsole();
  const ledger = new URL(linkTo({ name: 'alerts', view: 'deliveries' }, router.search.value), location.origin);
  return (
    <li class="card receiver">
      <h2>{name}</h2>
      {integrations.length === 0 ? (
        <p class="quiet">It tells nobody: a place for alerts that are only to be seen.</p>
      ) : (
        <ul class="integrations">
          {integrations.map((each) => (
            <IntegrationRow key={each.name} {...each} />
          ))}
        </ul>
      )}
      <p class="quiet receiver-routes">
        {routes.length === 0
          ? 'No route leads here.'
          : routes.length === 1
            ? '1 route leads here.'
            : `${routes.length} routes lead here.`}{' '}
        <a href={`${ledger.pathname}?${withParameters(ledger.searchParams, { receiver: name }).toString()}`}>Its messages</a>
      </p>
      {integrations.length > 0 && <ReceiverTest name={name} />}
    </li>
  );
}

function IntegrationRow(integration: Integration) {
  const { name, sent, dead, waiting, digested, sentMs, error, sendResolved } = integration;
  const numbers = [
    { word: 'sent', count: sent, tone: 'good' },
    { word: 'given up', count: dead, tone: dead > 0 ? 'bad' : 'quiet' },
    ...(digested > 0 ? [{ word: 'in digests', count: digested, tone: 'quiet' }] : []),
    { word: 'waiting', count: waiting, tone: waiting > 0 ? 'waiting' : 'quiet' },
  ];
  return (
    <li class="integration">
      <span class="integration-name">
        <strong>{name}</strong>
        {!sendResolved && <span class="quiet"> not told of the end</span>}
      </span>
      <dl class="preview-counts" aria-label="In 24 h">
        {numbers.map(({ word, count, tone }) => (
          <div key={word} class={`tone-${tone}`}>
            <dt>{word}</dt>
            <dd>{count.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      {error !== '' ? (
        <p class="problem-line integration-error">✕ {error}</p>
      ) : (
        <p class="quiet">
          {sentMs === undefined ? (
            'nothing was sent yet'
          ) : (
            <>
              last sent <Ago ms={sentMs} />
            </>
          )}
        </p>
      )}
      <IntegrationNotes {...integration} />
    </li>
  );
}
