// Receivers that have a handle by which a second try is known: a Slack bot, Splunk's HEC, Elasticsearch. Each behind a wire that can swallow
// answers, and each with what people see there.
import { botToken, type FakeSlackBot, startFakeSlackBot } from '../../services/alerting/test/fake-slack-bot.ts';
import { type FakeElasticsearch, startFakeElasticsearch } from '../../services/alerting/test/fake-elasticsearch.ts';
import { type FakeSplunk, hecToken, startFakeSplunk } from '../../services/alerting/test/fake-splunk.ts';
import { type HoldingProxy, openHoldingProxy } from './holding-proxy.ts';

/** One of them. */
export interface KnownReceiver {
  /** Its entry in `receivers` of the policy file, as YAML in one line. */
  readonly yaml: string;
  readonly wire: HoldingProxy;
  /** What of a message its sender says last. */
  readonly said: RegExp;
  /** Names of what is to be seen there and holds the text. */
  seen(text: RegExp): string[];
}

export interface KnownReceivers extends AsyncDisposable {
  readonly slack: KnownReceiver & { readonly fake: FakeSlackBot };
  readonly hec: KnownReceiver & { readonly fake: FakeSplunk };
  readonly elastic: KnownReceiver & { readonly fake: FakeElasticsearch };
}

/** Beyond what Slack allows, so that many messages do not wait. */
const quickly = 'rate_limit: {per_second: 50, burst: 50}';

export async function openKnownReceivers(): Promise<KnownReceivers> {
  await using open = new AsyncDisposableStack();
  const slack = open.use(await startFakeSlackBot({ clock: Date.now }));
  const hec = open.use(await startFakeSplunk());
  const elastic = open.use(await startFakeElasticsearch());
  const wireTo = async (url: string): Promise<HoldingProxy> => open.use(await openHoldingProxy(new URL(url).host));
  const [toSlack, toHec, toElastic] = [await wireTo(slack.url), await wireTo(hec.url), await wireTo(elastic.url)];
  const opened = open.move();
  return {
    slack: {
      fake: slack,
      yaml: `slack_bot_configs: [{api_url: "http://${toSlack.host}/api/", bot_token: "${botToken}", channel: C0123456789, ${quickly}}]`,
      wire: toSlack,
      said: /chat\.postMessage/,
      seen: (text) =>
        slack
          .top()
          .filter(({ blocks, text: plain }) => text.test(plain + JSON.stringify(blocks)))
          .map(({ ts }) => ts),
    },
    hec: {
      fake: hec,
      yaml: `splunk_hec_configs: [{url: "http://${toHec.host}", token: "${hecToken}"}]`,
      wire: toHec,
      said: /services\/collector\/event/,
      seen: (text) => hec.indexed.flatMap((event, at) => (text.test(JSON.stringify(event)) ? [`event ${at}`] : [])),
    },
    elastic: {
      fake: elastic,
      yaml: `elasticsearch_configs: [{url: "http://${toElastic.host}", index: alerts}]`,
      wire: toElastic,
      said: /_bulk/,
      seen: (text) => [...elastic.documents].filter(([, document]) => text.test(JSON.stringify(document))).map(([key]) => key),
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
