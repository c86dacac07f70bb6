// Alertmanager's API v2, as clients nobody here wrote speak it: Prometheus, amtool, karma, Grafana. Source: the answers of
// Alertmanager 0.28.1, and its api/v2/openapi.yaml.
import { express, type Router } from '@tmws/http';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { AlertFault, PostedAlert } from '../../domain/alert.ts';
import type { Clock } from '../../ports.ts';
import type { ConfigInForce } from '../../usecases/load-alertmanager-config.ts';
import type { AlertQueries } from '../../usecases/query-alerts.ts';
import type { Silences } from '../../usecases/silences.ts';
import { alertEndpoints } from './alert-endpoints.ts';
import { type Admit, type Endpoint, endpoints, type Handler, negotiate } from './endpoint.ts';
import { countReceived } from './received.ts';
import { silenceEndpoints } from './silence-endpoints.ts';
import { statusEndpoints } from './status-endpoints.ts';

export interface AlertmanagerDoor {
  readonly receive: (namespace: string, posted: readonly PostedAlert[]) => Promise<AlertFault[]>;
  readonly queries: AlertQueries;
  readonly silences: Silences;
  readonly config: Pick<ConfigInForce<unknown>, 'current'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly startedAtMs: number;
  /** Where sign-in is off it lets everybody in. */
  readonly admit: Admit;
}

/** What is mounted at `/api/v2`. */
export function alertmanagerApi(door: AlertmanagerDoor): Router {
  const { admit, clock, logger, metrics } = door;
  const all: readonly Endpoint[] = [
    ...alertEndpoints({ ...door, received: countReceived(metrics) }),
    ...silenceEndpoints(door.silences, clock),
    ...statusEndpoints(door),
  ];
  const router = express.Router();
  router.use(
    endpoints(
      all.map((endpoint) => guarded(endpoint, admit)),
      logger,
    ),
  );
  return router;
}

function guarded({ path, methods }: Endpoint, admit: Admit): Endpoint {
  const scoped = Object.entries(methods).map(([method, handler]): [string, Handler] => [
    method,
    async (request, response) => {
      await admit(request, response, needsOf(path, method));
      negotiate(request);
      await handler(request, response);
    },
  ]);
  return { path, methods: Object.fromEntries(scoped) };
}

/** Whoever sends alerts writes; who mutes those of others operates, as through the gateway. */
function needsOf(path: string, method: string): Parameters<Admit>[2] {
  if (method === 'GET') return { scope: 'read' };
  return path.startsWith('/silence')
    ? { scope: 'operate', act: method === 'DELETE' ? 'expireSilence' : 'putSilence' }
    : { scope: 'write' };
}
