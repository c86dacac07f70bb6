import { formatInstant } from '../../domain/instant.ts';
import type { AlertmanagerConfig } from '../../domain/config/alertmanager-config.ts';
import { answerJson } from './answer-json.ts';
import type { Endpoint } from './endpoint.ts';
import { matchersOf, parametersOf } from './parameters.ts';

/** The Alertmanager whose behaviour this door has; clients ask for it to know what they may send. */
export const alertmanagerVersion = '0.28.1';

interface StatusDoor {
  readonly config: { readonly current: () => { readonly config: AlertmanagerConfig } };
  readonly startedAtMs: number;
}

/** `/status` and `/receivers`. */
export function statusEndpoints({ config, startedAtMs }: StatusDoor): Endpoint[] {
  return [
    {
      path: '/status',
      methods: {
        GET: (_request, response) =>
          answerJson(response, {
            cluster: { peers: [], status: 'disabled' },
            config: { original: config.current().config.original },
            uptime: formatInstant(startedAtMs),
            versionInfo: {
              branch: 'tmws',
              buildDate: '',
              buildUser: 'tmws',
              goVersion: '',
              revision: 'tmws',
              version: alertmanagerVersion,
            },
          }),
      },
    },
    {
      path: '/receivers',
      methods: {
        GET: (request, response) => {
          // As for alerts: no receiver has labels.
          const any = matchersOf(parametersOf(request), 'receiver_matchers').every((matcher) => matcher.matches(''));
          answerJson(response, any ? [...config.current().config.receivers.keys()].map((name) => ({ name })) : []);
        },
      },
    },
  ];
}
