// The Slack apps of the configuration in force: by whose secrets a request of Slack's is known, and who can tell a person something.
import type { HttpConfig } from '../domain/config/http.ts';
import type { MoreReceiver } from '../domain/config/more-receivers.ts';
import type { Clock } from '../ports.ts';
import { secretText } from './sink-credentials.ts';
import { openSinkHttp } from './sink-http.ts';
import { openSlackApi } from './slack-bot-sink-api.ts';
import { escaped } from './slack-bot-sink-words.ts';

interface Apps {
  readonly receivers: readonly MoreReceiver[];
  readonly http: HttpConfig | undefined;
  readonly clock: Clock;
}

export interface SlackBotApp {
  readonly signingSecret: string;
  /** In an ephemeral message; that it cannot be told is nobody's to know. */
  tell(channel: string, user: string, text: string): Promise<void>;
}

/** Those that have a secret; one whose file cannot be read has none for the moment. */
export async function slackBotApps({ receivers, http, clock }: Apps): Promise<SlackBotApp[]> {
  const configs = receivers.flatMap(({ slack_bot_configs: bots = [] }) => bots);
  const apps = configs.map(async (config): Promise<SlackBotApp> => {
    const { signing_secret: secret, signing_secret_file: file } = config;
    return {
      signingSecret: await secretText('signing_secret_file', secret, file).catch(() => ''),
      async tell(channel, user, text) {
        if (channel === '' || user === '') return;
        const connection = openSinkHttp(config.http_config ?? http);
        try {
          const api = await openSlackApi({ ...config, timeout: 1_500 }, connection, clock);
          await api('chat.postEphemeral', { channel, user, text: escaped(text) });
        } catch {
          // The answer to the request says it too.
        } finally {
          connection.close();
        }
      },
    };
  });
  return (await Promise.all(apps)).filter(({ signingSecret }) => signingSecret !== '');
}
