import { callerOf, type Request, type Response } from '@tmws/http';
import { type Matcher, operatorOf } from '../../domain/matcher.ts';
import { silenceState, type SilenceMatcher } from '../../domain/silence.ts';
import type { Clock } from '../../ports.ts';
import type { Silences } from '../../usecases/silences.ts';
import { answerJson, answerList } from './answer-json.ts';
import { silenceJson } from './as-json.ts';
import type { Endpoint } from './endpoint.ts';
import { flag, matchersOf, parametersOf } from './parameters.ts';
import { readSilence } from './read-silence.ts';
import { refused, said } from './refusal.ts';

/** `/silences` and `/silence/{silenceID}`. */
export function silenceEndpoints(silences: Silences, clock: Clock): Endpoint[] {
  const post = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    const wanted = await readSilence(request, clock());
    const answer = await silences.put(namespace, wanted);
    if (answer.kind === 'unknown') throw said(404, 'silence not found');
    if (answer.kind === 'faults') throw said(400, sayFaults(answer.faults));
    answerJson(response, { silenceID: answer.silence.id });
  };
  const list = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    const parameters = parametersOf(request);
    const matchers = matchersOf(parameters, 'filter');
    const wanted = {
      active: flag(parameters, 'active'),
      pending: flag(parameters, 'pending'),
      expired: flag(parameters, 'expired'),
    };
    const found = silences
      .list(namespace)
      .filter(({ silence, state }) => wanted[state] && matchers.every((each) => silence.matchers.some(same(each))));
    await answerList(
      response,
      found.map(({ silence, state }) => JSON.stringify(silenceJson(silence, state))),
    );
  };
  const one = (request: Request, response: Response): void => {
    const { namespace } = callerOf(request, response);
    const silence = silences.find(namespace, idOf(request));
    if (silence === undefined) empty(response, 404);
    else answerJson(response, silenceJson(silence, silenceState(silence, clock())));
  };
  const remove = async (request: Request, response: Response): Promise<void> => {
    const { namespace } = callerOf(request, response);
    empty(response, (await silences.expire(namespace, idOf(request))) ? 200 : 404);
  };
  return [
    { path: '/silences', methods: { GET: list, POST: post } },
    { path: '/silence/:silenceID', methods: { DELETE: remove, GET: one } },
  ];
}

/** A filter asks for silences that hold just this matcher. */
const same =
  ({ name, operator, value }: Matcher) =>
  (matcher: SilenceMatcher): boolean =>
    matcher.name === name && matcher.value === value && operatorOf(matcher) === operator;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function idOf(request: Request): string {
  const { silenceID } = request.params;
  const id = typeof silenceID === 'string' ? silenceID : '';
  if (!uuid.test(id)) {
    throw refused(601, `silenceID in path must be of type uuid: ${JSON.stringify(id.slice(0, 100))}`);
  }
  return id;
}

function sayFaults(faults: readonly string[]): string {
  const times = faults.filter((fault) => /^(start|end) time /.test(fault));
  return times.length > 0 ? `Failed to create silence: ${times.join('; ')}` : `invalid silence: ${faults.join('; ')}`;
}

function empty(response: Response, status: number): void {
  response.writeHead(status, { 'cache-control': 'no-store', 'content-length': 0 });
  response.end();
}
