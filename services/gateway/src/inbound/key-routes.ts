import { type Principal, scopesOfRole } from '@tmws/auth';
import { defaultNamespace } from '@tmws/contracts';
import { principalOf, type Request, type Response, sourceOf } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Access } from '../usecases/access.ts';
import type { Actor } from '../usecases/manage-keys.ts';
import { accessOn, keyJson } from './access-json.ts';
import { namespaced } from './parameters.ts';
import { readJson, readPath, readQuery } from './read-input.ts';
import type { Needs as RouteNeeds, Route } from './route.ts';
import { apiKey, apiKeyList, madeApiKey, newApiKeyRequest } from './schemas/access.ts';
import { problems } from './schemas/problem.ts';

const tags = ['access'];
const path = '/api/v1/auth/keys';
const needs: RouteNeeds = { scope: 'admin', everyNamespace: true, ownAudit: true };
const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const listQuery = z.strictObject(
  {
    ...namespaced,
    all: z.enum(['true', 'false'], { error: 'must be true or false' }).optional().meta({ description: 'Also keys that ended' }),
  },
  { error: 'all and namespace are taken' },
);
const prefixPath = z.object({
  prefix: z
    .string()
    .max(64)
    .meta({ description: 'Names the key', examples: ['tmws_0f3a11aa'] }),
});

interface Needs {
  readonly access: Access | undefined;
  readonly maxBodyBytes: number;
}

/** API keys. */
export function keyRoutes({ access, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'get',
      path,
      needs,
      operation: {
        operationId: 'listKeys',
        summary: 'API keys, newest first',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: { description: 'The keys', content: { 'application/json': { schema: apiKeyList } } },
          ...problems(400, 409, 503, 504),
        },
      },
      async handle(request, response) {
        const { all } = readQuery(listQuery, request);
        response.json({ items: (await accessOn(access).keys.list(all === 'true')).map(keyJson) });
      },
    },
    {
      method: 'post',
      path,
      needs,
      operation: {
        operationId: 'createKey',
        summary: 'Make an API key',
        description:
          'The answer is the only place the key itself is ever in. Asked twice, two keys are made: an Idempotency-Key is not read.',
        tags,
        requestParams: { query: plainQuery },
        requestBody: { required: true, content: { 'application/json': { schema: newApiKeyRequest } } },
        responses: {
          201: { description: 'The key', content: { 'application/json': { schema: madeApiKey } } },
          ...problems(400, 409, 413, 415, 503, 504),
        },
      },
      async handle(request, response) {
        const { keys } = accessOn(access);
        readQuery(plainQuery, request);
        const given = await readJson(newApiKeyRequest, request, maxBodyBytes);
        if ((given.role === undefined) === (given.scopes === undefined))
          throw new Problem('invalid', 'role or scopes must be given, and not both', { field: 'role' });
        const namespaces = given.namespaces ?? [defaultNamespace];
        const { key, secret } = await keys.create(
          {
            name: given.name,
            scopes: given.scopes === undefined ? scopesOfRole[given.role ?? 'viewer'] : [...new Set(given.scopes)],
            namespaces: namespaces.includes('*') ? '*' : [...new Set(namespaces)],
            expiresMs: given.expiresAt === undefined ? undefined : Date.parse(given.expiresAt),
          },
          actorOf(request, response),
        );
        response.status(201).json({ key: keyJson(key), secret });
      },
    },
    {
      method: 'delete',
      path: `${path}/{prefix}`,
      needs,
      operation: {
        operationId: 'revokeKey',
        summary: 'End an API key',
        description: 'It is refused here at once, by other processes within ten seconds. A key that ended stays as it is.',
        tags,
        requestParams: { path: prefixPath, query: plainQuery },
        responses: {
          200: { description: 'The key', content: { 'application/json': { schema: apiKey } } },
          ...problems(400, 404, 409, 503, 504),
        },
      },
      async handle(request, response) {
        const { keys } = accessOn(access);
        readQuery(plainQuery, request);
        const { prefix } = readPath(prefixPath, request);
        response.json(keyJson(await keys.revoke(prefix, actorOf(request, response))));
      },
    },
  ];
}

function actorOf(request: Request, response: Response): Actor {
  const principal: Principal | undefined = principalOf(response);
  if (principal === undefined) throw new Error('a key is managed by nobody');
  return { principal, source: sourceOf(request) };
}
