// Sinks of the kinds that only the policy file knows. A kind that is not in the table is not delivered, and a file that has it is refused.
import type { HttpConfig } from '../domain/config/http.ts';
import type { MoreReceiver } from '../domain/config/more-receivers.ts';
import type { ConfigFault } from '../domain/config/yaml-reading.ts';
import { limitOf } from '../domain/sink-limits.ts';
import type { BucketLimit } from '../domain/token-bucket.ts';
import type { Sink } from '../ports.ts';
import { elasticsearchKind } from './elasticsearch-sink.ts';
import { sendgridKind } from './sendgrid-sink.ts';
import { signedWebhookKind } from './signed-webhook-sink.ts';
import { slackBotKind } from './slack-bot-sink.ts';
import type { SinkHttp } from './sink-http.ts';
import type { Guarantee, SinkKind, SinkParts } from './sink-kind.ts';
import { splunkHecKind } from './splunk-hec-sink.ts';
import { syslogKind } from './syslog-sink.ts';

export type { SinkKind, SinkParts } from './sink-kind.ts';

type ConfigOf<K extends keyof MoreReceiver> =
  Extract<MoreReceiver[K], readonly unknown[] | undefined> extends infer L ? (L extends readonly (infer C)[] ? C : never) : never;
type Kinds = { readonly [K in keyof MoreReceiver as K extends `${infer Kind}_configs` ? Kind : never]?: SinkKind<ConfigOf<K>> };

const kinds: Kinds = {
  sendgrid: sendgridKind,
  splunk_hec: splunkHecKind,
  elasticsearch: elasticsearchKind,
  syslog: syslogKind,
  signed_webhook: signedWebhookKind,
  slack_bot: slackBotKind,
};

export interface MoreSink {
  /** `slack_bot/0`. */
  readonly name: string;
  readonly sendResolved: boolean;
  readonly guarantee: Guarantee;
  readonly sink: Sink;
  readonly limit: BucketLimit | undefined;
  readonly keepsRecords: boolean;
}

interface AnyConfig {
  readonly send_resolved?: boolean;
  readonly http_config?: HttpConfig;
  readonly rate_limit?: { readonly per_second?: number; readonly burst?: number };
}

/** @param http  made of an integration's own http_config */
export function moreSinks(
  { name: receiver, line, ...configs }: MoreReceiver,
  parts: Omit<SinkParts, 'http'>,
  http: (own: HttpConfig | undefined) => SinkHttp,
): { made: MoreSink[]; faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const made = Object.entries(configs).flatMap(([key, list]) => {
    const kind = key.replace(/_configs$/, '');
    const known = (kinds as Readonly<Record<string, SinkKind<AnyConfig>>>)[kind];
    const path = `receiver ${JSON.stringify(receiver)}, ${key}`;
    if (known === undefined) {
      faults.push({ line, path, message: 'receivers of this kind are not delivered' });
      return [];
    }
    return (list as readonly AnyConfig[]).map((config, index) => {
      for (const message of known.check?.(config, parts.templates) ?? [])
        faults.push({ line, path: `${path}[${index}]`, message });
      let guarantee = typeof known.guarantee === 'function' ? known.guarantee(config) : known.guarantee;
      const atLeastOnce = (): void => void (guarantee = 'at_least_once');
      return {
        name: `${kind}/${index}`,
        sendResolved: config.send_resolved ?? known.sendResolved,
        get guarantee() {
          return guarantee;
        },
        limit: limitOf(kind, config.rate_limit),
        keepsRecords: known.keepsRecords ?? false,
        sink: known.sink(config, { ...parts, http: http(config.http_config), atLeastOnce }),
      };
    });
  });
  return { made, faults };
}
