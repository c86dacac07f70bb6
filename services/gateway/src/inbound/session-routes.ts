import {
  anonymousPrincipal,
  type Credential,
  credentialOf,
  csrfOf,
  parseAuthorization,
  type Principal,
  roleOf,
  sessionCookie,
  sessionOf,
} from '@tmws/auth';
import { identifyRequest, type Request, type Response, sourceOf } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Access } from '../usecases/access.ts';
import { sessionMs } from '../usecases/verify-credential.ts';
import { accessOn, namespaceList, timeText } from './access-json.ts';
import { namespaced } from './parameters.ts';
import { readJson, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { session, signInRequest } from './schemas/access.ts';
import { problems } from './schemas/problem.ts';

const tags = ['access'];
const path = '/api/v1/session';
const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const content = { 'application/json': { schema: session } };

interface Needs {
  readonly access: Access | undefined;
  readonly maxBodyBytes: number;
}

/** Sign-in at the console, and who one is. They ask for the credential themselves: whoever it is, they may know. */
export function sessionRoutes({ access, maxBodyBytes }: Needs): Route[] {
  return [
    {
      method: 'get',
      path,
      needs: 'open',
      operation: {
        operationId: 'getSession',
        summary: 'Who this request comes from, and what they may do',
        tags,
        requestParams: { query: plainQuery },
        responses: { 200: { description: 'Who', content }, ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        if (access === undefined) {
          response.json({ auth: 'off', ...principalJson(anonymousPrincipal) });
          return;
        }
        // A console that asks whether somebody is signed in has tried nothing: that is no failed sign-in.
        if (authorizationOf(request) === undefined && sessionOf(request.get('cookie')) === undefined) {
          response.set('www-authenticate', 'Bearer realm="tmws"');
          throw new Problem('unauthenticated', 'nobody is signed in: no credential came with the request');
        }
        const principal = await identifyRequest(access.door, request, response);
        const own = principal.by === 'session' ? sessionOf(request.get('cookie')) : undefined;
        response.json({ auth: 'on', ...principalJson(principal), ...(own !== undefined && { csrf: csrfOf(own.secret) }) });
      },
    },
    {
      method: 'post',
      path,
      needs: 'open',
      operation: {
        operationId: 'signIn',
        summary: 'Begin a session with an API key or a token',
        description: `The answer sets the cookie ${sessionCookie}, which ends 12 h after it was used last. Asked twice, two sessions begin: an Idempotency-Key is not read.`,
        tags,
        requestParams: { query: plainQuery },
        requestBody: { content: { 'application/json': { schema: signInRequest } } },
        responses: { 200: { description: 'Who it is', content }, ...problems(400, 409, 413, 415, 503, 504) },
      },
      async handle(request, response) {
        const { door, sessions } = accessOn(access);
        readQuery(plainQuery, request);
        const { key } = await readJson(signInRequest, request, maxBodyBytes);
        const source = sourceOf(request);
        const credential = key === undefined ? authorizationOf(request) : key === '' ? undefined : credentialOf(key);
        const principal = await door.identify({ credential, namespace: '', source });
        const { secret, expiresMs } = await sessions.begin(principal, source);
        setCookie(request, response, secret, Math.floor(sessionMs / 1000));
        response.json({
          auth: 'on',
          ...principalJson({ ...principal, by: 'session', expiresAtMs: expiresMs }),
          csrf: csrfOf(secret),
        });
      },
    },
    {
      method: 'delete',
      path,
      needs: 'open',
      operation: {
        operationId: 'signOut',
        summary: 'End the session',
        tags,
        requestParams: { query: plainQuery },
        responses: { 204: { description: 'It is over' }, ...problems(400, 409, 503, 504) },
      },
      async handle(request, response) {
        const { door, sessions } = accessOn(access);
        readQuery(plainQuery, request);
        const own = sessionOf(request.get('cookie'));
        if (own !== undefined) {
          const principal = await identifyRequest(door, request, response);
          await sessions.end(own.secret, principal, sourceOf(request));
        }
        setCookie(request, response, '', 0);
        response.status(204).end();
      },
    },
  ];
}

function principalJson({ name, by, scopes, namespaces, expiresAtMs }: Principal) {
  const role = roleOf(scopes);
  return {
    name,
    by,
    ...(role !== undefined && { role }),
    scopes,
    namespaces: namespaceList(namespaces),
    ...(expiresAtMs !== undefined && { expiresAt: timeText(expiresAtMs) }),
  };
}

function authorizationOf(request: Request): Credential | Problem | undefined {
  try {
    return parseAuthorization(request.get('authorization'));
  } catch (error) {
    return Problem.from(error);
  }
}

// Lax would send it along when another site links here; nothing here is meant to be opened that way.
function setCookie(request: Request, response: Response, value: string, maxAgeSeconds: number): void {
  const secure = request.get('x-forwarded-proto')?.split(',', 1)[0]?.trim() === 'https' ? '; Secure' : '';
  response.append(
    'set-cookie',
    `${sessionCookie}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`,
  );
}
