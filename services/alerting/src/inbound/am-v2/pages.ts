// What Alertmanager has beside its API: whether it is well, reading its file again, and its own metrics.
import { express, type Response, type Router } from '@tmws/http';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import { silenceState } from '../../domain/silence.ts';
import { isResolved } from '../../domain/alert.ts';
import type { Clock } from '../../ports.ts';
import type { ConfigInForce } from '../../usecases/load-alertmanager-config.ts';
import type { Admit, Handler } from './endpoint.ts';
import { retryAfter } from './refusal.ts';
import { alertmanagerVersion } from './status-endpoints.ts';

interface Pages {
  readonly config: Pick<ConfigInForce<unknown>, 'board' | 'reload' | 'last'>;
  readonly ready: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly admit: Admit;
}

const statuses: Partial<Record<Problem['kind'], number>> = { unauthenticated: 401, forbidden: 403, limited: 429 };

/** What is mounted last at the root of Alertmanager's port: `/-/healthy`, `/-/ready`, `/-/reload`, `/metrics`; nothing else is there. */
export function alertmanagerPages(pages: Pages): Router {
  const { config, ready, metrics, admit, logger } = pages;
  const router = express.Router();
  const gauges = gaugesOf(pages);
  const serve = (path: string, methods: readonly string[], handle: Handler) => {
    router.all(path, async (request, response) => {
      try {
        if (methods.includes(request.method)) await handle(request, response);
        else {
          response.set('allow', [...methods, 'OPTIONS'].sort().join(', '));
          text(response, 405, 'Method Not Allowed\n');
        }
      } catch (error) {
        const problem = Problem.from(error);
        const status = statuses[problem.kind] ?? 500;
        if (status === 500) logger.warn({ err: error }, 'a request failed');
        response.set(retryAfter(problem));
        text(response, status, `${problem.message}\n`);
      }
    });
  };
  serve('/-/healthy', ['GET', 'HEAD'], (_request, response) => text(response, 200, 'OK'));
  serve('/-/ready', ['GET', 'HEAD'], (_request, response) =>
    ready() ? text(response, 200, 'OK') : text(response, 503, 'Service Unavailable\n'),
  );
  serve('/-/reload', ['POST'], async (request, response) => {
    await admit(request, response, { scope: 'operate', act: 'reloadAlertmanager' });
    try {
      await config.reload();
    } catch (error) {
      logger.warn({ err: error }, 'the configuration was not read again; the one before stays in force');
      text(response, 500, `failed to reload config: ${Problem.from(error).message}\n`);
      return;
    }
    response.writeHead(200, { 'content-length': 0 });
    response.end();
  });
  serve('/metrics', ['GET'], async (request, response) => {
    await admit(request, response, { scope: 'read' });
    gauges();
    response.set('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await metrics.text());
  });
  serve('/api/v1/{*rest}', ['GET', 'POST'], (_request, response) => {
    response
      .status(410)
      .set('content-type', 'application/json')
      .send(`${JSON.stringify(gone)}\n`);
  });
  router.use((_request, response) => text(response, 404, '404 page not found\n'));
  return router;
}

const gone = {
  status: 'deprecated',
  error:
    'The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 API',
} as const;

function text(response: Response, status: number, body: string): void {
  response.status(status).set('content-type', 'text/plain; charset=utf-8').send(body);
}

/** Counts by Alertmanager's names, taken when they are asked for. */
function gaugesOf({ metrics, config, clock }: Pages): () => void {
  const alerts = metrics.gauge('tmws_alerting_alerts', 'alerts that are known', ['state']);
  const silences = metrics.gauge('alertmanager_silences', 'silences', ['state']);
  const ok = metrics.gauge('alertmanager_config_last_reload_successful', 'whether the last reading of the file was taken');
  const at = metrics.gauge(
    'alertmanager_config_last_reload_success_timestamp_seconds',
    'when a reading of the file was taken last',
  );
  metrics
    .gauge('alertmanager_build_info', 'the Alertmanager whose API is spoken', ['version'])
    .set({ version: alertmanagerVersion }, 1);
  return () => {
    const nowMs = clock();
    const counted = { firing: 0, resolved: 0 };
    const silenced = { active: 0, pending: 0, expired: 0 };
    for (const namespace of config.board.namespaces()) {
      for (const alert of config.board.alerts(namespace)) counted[isResolved(alert, nowMs) ? 'resolved' : 'firing']++;
      for (const { silence } of config.board.silences(namespace)) silenced[silenceState(silence, nowMs)]++;
    }
    for (const [state, count] of Object.entries(counted)) alerts.set({ state }, count);
    for (const [state, count] of Object.entries(silenced)) silences.set({ state }, count);
    ok.set(config.last().ok ? 1 : 0);
    at.set(config.last().atMs / 1000);
  };
}
