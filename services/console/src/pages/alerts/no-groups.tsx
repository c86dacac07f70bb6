import type { GetRoutingResponseJson, ListReceiversResponseJson } from '@tmws/contracts/deliveries';
import { type AlertsState, filterChips } from '../../model/alert-filter.ts';
import { readReceiver, readRouting } from '../../model/receiver.ts';
import { openAnswer } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { NothingMatches, NothingYet } from '../../ui/empty.tsx';

interface Props {
  state: AlertsState;
  /** When one fired last; undefined: never. */
  lastFiredMs: number | undefined;
  onClear(): void;
  onChange(change: Partial<AlertsState>): void;
}

/** Nothing is shown: because of the filters, because all is quiet, or because nobody ever sent one. */
export function NoGroups({ state, lastFiredMs, onClear, onChange }: Props) {
  const chips = filterChips(state);
  if (chips.length > 0)
    return (
      <NothingMatches
        what="alerts"
        filters={chips.map(({ words, without }) => ({ words, clear: () => onChange(without) }))}
        clearAll={onClear}
      />
    );
  return lastFiredMs === undefined ? <NeverYet /> : <AllQuiet lastFiredMs={lastFiredMs} />;
}

/** Proves that it is alive: what fired last, what is in force, what was sent. */
function AllQuiet({ lastFiredMs }: { lastFiredMs: number }) {
  const { api, clock, live } = useConsole();
  const receivers = useOpened(
    () => openAnswer(api, 'receivers', (json: ListReceiversResponseJson) => (json.items ?? []).map(readReceiver)),
    [api],
  ).value.value;
  const routing = useOpened(() => openAnswer(api, 'routing', (json: GetRoutingResponseJson) => readRouting(json)), [api]).value
    .value;
  const integrations = receivers?.flatMap(({ integrations: all }) => all) ?? [];
  const [sent, dead] = [sum(integrations.map((each) => each.sent)), sum(integrations.map((each) => each.dead))];
  const seconds = Math.max(0, Math.round((clock.seconds.value - live.freshMs.value) / 1_000));
  return (
    <section class="empty quiet-page">
      <h2>
        <span class="tone-good" aria-hidden="true">
          ✓
        </span>{' '}
        All quiet
      </h2>
      <p class="lead">
        The last alert fired <Ago ms={lastFiredMs} />. The server was heard {seconds < 2 ? 'just now' : `${seconds} s ago`}.
      </p>
      {receivers !== undefined && (
        <p>
          {receivers.length === 1 ? '1 receiver listens' : `${receivers.length} receivers listen`}
          {routing?.loadedMs !== undefined && (
            <>
              ; their routes were read <Ago ms={routing.loadedMs} />
            </>
          )}
          . In the last 24 h {sent === 1 ? '1 message was' : `${sent.toLocaleString('en')} messages were`} sent
          {dead > 0 && (
            <>
              , <strong class="tone-bad">{dead} could not be</strong>
            </>
          )}
          .
        </p>
      )}
    </section>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** How the first one comes. */
function NeverYet() {
  const { session } = useConsole();
  const key = session.who.value?.auth === 'on' ? ' -H "authorization: Bearer $TMWS_API_KEY"' : '';
  const where = `${location.origin}/alertmanager`;
  return (
    <NothingYet title="No alert yet">
      <p class="lead">
        Prometheus, amtool and whatever else speaks to an Alertmanager send alerts here as they do there. Send one; it shows at
        once.
      </p>
      <CopyBlock
        label="With curl"
        text={`curl -sS${key} ${where}/api/v2/alerts -H 'content-type: application/json' \\\n  -d '[{"labels":{"alertname":"Hello","severity":"warning"},"annotations":{"summary":"The first alert"}}]'`}
      />
      <CopyBlock label="With amtool" text={`amtool --alertmanager.url=${where} alert add Hello severity=warning`} />
      <CopyBlock
        label="In prometheus.yml"
        text={`alerting:\n  alertmanagers:\n    - path_prefix: /alertmanager\n      static_configs: [{ targets: ['${location.host}'] }]`}
      />
    </NothingYet>
  );
}
