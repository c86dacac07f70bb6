import { callerOf, type Request, type Response } from '@tmws/http';
import type { AlertFault, PostedAlert } from '../../domain/alert.ts';
import type { Clock } from '../../ports.ts';
import type { AlertQueries, AlertQuery } from '../../usecases/query-alerts.ts';
import { answerList } from './answer-json.ts';
import { alertJson, groupJson } from './as-json.ts';
import type { Received } from './received.ts';
import { type Endpoint } from './endpoint.ts';
import { flag, matchersOf, parametersOf, receiversMeant } from './parameters.ts';
import { readAlerts } from './read-alerts.ts';
import { said } from './refusal.ts';

interface AlertDoor {
  readonly receive: (namespace: string, posted: readonly PostedAlert[]) => Promise<AlertFault[]>;
  readonly queries: AlertQueries;
  readonly received: Received;
  readonly clock: Clock;
}

/** `/alerts` and `/alerts/groups`. */
export function alertEndpoints({ receive, queries, received, clock }: AlertDoor): Endpoint[] {
  const post = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    const posted = await readAlerts(request);
    const faults = await receive(namespace, posted);
    received(posted, faults, clock());
    if (faults.length > 0) throw said(400, sayFaults(faults));
    response.writeHead(200, { 'cache-control': 'no-store', 'content-length': 0 });
    response.end();
  };
  const list = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    const found = queries.alerts(namespace, queryOf(parametersOf(request)));
    await answerList(response, texts(found, alertJson));
  };
  const groups = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    const parameters = parametersOf(request);
    const found = queries.groups(namespace, { ...queryOf(parameters), muted: flag(parameters, 'muted') });
    await answerList(response, texts(found, groupJson));
  };
  return [
    { path: '/alerts', methods: { GET: list, POST: post } },
    { path: '/alerts/groups', methods: { GET: groups } },
  ];
}

/** `unprocessed` is taken and means nothing, as in Alertmanager: what a query meets has been looked at by then. */
const queryOf = (parameters: URLSearchParams): AlertQuery => ({
  active: flag(parameters, 'active'),
  silenced: flag(parameters, 'silenced'),
  inhibited: flag(parameters, 'inhibited'),
  matchers: matchersOf(parameters, 'filter'),
  receiver: receiversMeant(parameters),
});

function* texts<T>(found: Iterable<T | undefined>, shape: (each: T) => unknown): Iterable<string | undefined> {
  for (const each of found) yield each === undefined ? undefined : JSON.stringify(shape(each));
}

const mostSaid = 100;

/** Every fault with the place of its alert, as far as one can read. */
function sayFaults(faults: readonly AlertFault[]): string {
  const sentences = faults.slice(0, mostSaid).map(({ index, reasons }) => `alert ${index}: ${reasons.join(', ')}`);
  return [...sentences, ...(faults.length > mostSaid ? [`and ${faults.length - mostSaid} more alerts`] : [])].join('; ');
}
