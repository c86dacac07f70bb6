import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ListSilencesResponseSchema, type Silence, SilenceSchema, SuggestSilenceResponseSchema } from '@tmws/contracts';
import type { Request, Response } from '@tmws/http';
import { z } from 'zod';
import type { Clock, SilencesPort } from '../ports.ts';
import { plainQuery } from './alert-parameters.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { idempotencyHeader, idempotently } from './idempotency.ts';
import { limit, namespaced, plain, someOf } from './parameters.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { problems } from './schemas/problem.ts';
import { previewRequest, silence, silenceList, silencePreview, silenceRequest } from './schemas/silences.ts';

const tags = ['silences'];
const base = '/api/v1/silences';
const listQuery = z.strictObject(
  {
    ...namespaced,
    state: someOf(['active', 'pending', 'expired'], 'Any of these; repeated, or with commas between'),
    limit: limit(100, 500),
    cursor: plain('`nextCursor` of the page before', 'b2Zmc2V0OjUw'),
  },
  { error: 'state, limit, cursor and namespace are taken' },
);
const silencePath = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'must be the id of a silence: a UUID in small letters' })
    .meta({ examples: ['0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11'] }),
});

interface Needs {
  readonly silences: SilencesPort;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
}

/** Silences, which are those of Alertmanager's API. */
export function silenceRoutes({ silences, clock, maxBodyBytes }: Needs): Route[] {
  const once = idempotently<Silence>(clock);
  const one = () => ({ description: 'The silence', content: { 'application/json': { schema: silence } } });
  const body = { required: true, content: { 'application/json': { schema: silenceRequest } } };
  const put = async (request: Request, response: Response, id: string): Promise<Silence> => {
    readQuery(plainQuery, request);
    const given = await readJson(silenceRequest, request, maxBodyBytes);
    const asked = {
      id,
      matchers: matchersOf(given.matchers),
      comment: given.comment,
      endsAt: timestampFromMs(Date.parse(given.endsAt)),
      ...(given.startsAt !== undefined && { startsAt: timestampFromMs(Date.parse(given.startsAt)) }),
    };
    return await once(request, response, given, () => silences.putSilence(asked, callOf(request, response)));
  };
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listSilences',
        summary: 'Silences: active ones, the first to end first; then pending, then expired ones',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: silenceList } } },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const { state = [], limit: most = 0, cursor = '' } = readQuery(listQuery, request);
        const asked = { states: state, limit: most, cursor };
        answer(response, ListSilencesResponseSchema, await silences.listSilences(asked, callOf(request, response)));
      },
    },
    {
      method: 'post',
      path: base,
      needs: { scope: 'operate' },
      operation: {
        operationId: 'createSilence',
        summary: 'Mute alerts for a time',
        description: 'Stored before it is answered. Who asks is its createdBy.',
        tags,
        requestParams: { query: plainQuery, header: idempotencyHeader },
        requestBody: body,
        responses: { 201: one(), ...problems(400, 409, 413, 415, 503, 504) },
      },
      async handle(request, response) {
        const made = await put(request, response, '');
        answer(response.status(201), SilenceSchema, made);
      },
    },
    {
      method: 'post',
      path: `${base}/preview`,
      needs: { scope: 'read' },
      operation: {
        operationId: 'previewSilence',
        summary: 'What a silence of these matchers would mute, found by the matching that mutes',
        description: 'It changes nothing and may be asked twice: an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: true, content: { 'application/json': { schema: previewRequest } } },
        responses: {
          200: { description: 'Counts, and the worst alerts', content: { 'application/json': { schema: silencePreview } } },
          ...problems(400, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { matchers, limit: most = 0 } = await readJson(previewRequest, request, maxBodyBytes);
        const asked = { matchers: matchersOf(matchers), limit: most };
        answer(response, SuggestSilenceResponseSchema, await silences.suggestSilence(asked, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getSilence',
        summary: 'One silence, also for five days after it expired',
        tags,
        requestParams: { path: silencePath, query: plainQuery },
        responses: { 200: one(), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(silencePath, request);
        answer(response, SilenceSchema, await silences.getSilence(asked, callOf(request, response)));
      },
    },
    {
      method: 'put',
      path: `${base}/{id}`,
      needs: { scope: 'operate' },
      operation: {
        operationId: 'changeSilence',
        summary: 'Change a silence',
        description:
          'What an id muted in the past never changes: other matchers or another start make a new silence, with a new id, and the old one ends.',
        tags,
        requestParams: { path: silencePath, query: plainQuery, header: idempotencyHeader },
        requestBody: body,
        responses: { 200: one(), ...problems(400, 404, 409, 413, 415, 503, 504) },
      },
      async handle(request, response) {
        answer(response, SilenceSchema, await put(request, response, readPath(silencePath, request).id));
      },
    },
    {
      method: 'delete',
      path: `${base}/{id}`,
      needs: { scope: 'operate' },
      operation: {
        operationId: 'expireSilence',
        summary: 'End a silence now',
        description: 'One that has expired stays as it is: an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { path: silencePath, query: plainQuery },
        responses: { 200: one(), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const asked = readPath(silencePath, request);
        answer(response, SilenceSchema, await silences.expireSilence(asked, callOf(request, response)));
      },
    },
  ];
}

const matchersOf = (given: z.output<typeof silenceRequest>['matchers']) =>
  given.map(({ name, value, operator = '=' }) => ({ name, value, operator }));
