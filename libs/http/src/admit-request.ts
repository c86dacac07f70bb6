import {
  boundsOf,
  csrfOf,
  type Credential,
  type Door,
  onlyNamespace,
  parseAuthorization,
  type Principal,
  sameSecret,
  type Scope,
  sessionOf,
  type Source,
} from '@tmws/auth';
import { type Caller, defaultNamespace } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { Request, Response } from 'express';
import { namespaceAsked } from './caller-of.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets a request in, or not; from then on `callerOf` says who it is. The credential is that of `Authorization`, else the session's cookie,
 * which for an unsafe method must be joined by the header `x-tmws-csrf`.
 *
 * @param needs.everyNamespace  for what does not stop at a namespace
 * @param needs.act             what an operator or admin is about to do: in the audit before this resolves
 * @throws Problem `unauthenticated` (with WWW-Authenticate), `forbidden`, `invalid` for a wrong namespace
 */
export async function admitRequest(
  door: Door,
  request: Request,
  response: Response,
  needs: { readonly scope: Scope; readonly everyNamespace?: boolean; readonly act?: string | undefined },
): Promise<void> {
  if (!door.on) return;
  const asked = namespaceAsked(request);
  const source = sourceOf(request);
  const { scope, act } = needs;
  const meant = (principal: Principal): string => asked ?? onlyNamespace(principal) ?? defaultNamespace;
  const admitted = await challenged(response, () =>
    door.admit({
      credential: credentialOf(request),
      scope,
      namespace: needs.everyNamespace === true ? '*' : meant,
      source,
      act,
    }),
  );
  // A part of the fleet asks in the name of somebody it has asked already.
  const principal = admitted.by === 'service' ? { ...admitted, name: named(request.get('x-tmws-principal')) } : admitted;
  response.locals.principal = principal;
  response.locals.caller = {
    namespace: meant(principal),
    principal: principal.name,
    requestId: response.locals.requestId as string,
    bounds: boundsOf(door, principal, scope, source),
  } satisfies Caller;
}

function named(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? 'service');
  } catch {
    return 'service';
  }
}

/** Who a request comes from, whatever they may do. @throws Problem `unauthenticated` */
export async function identifyRequest(door: Door, request: Request, response: Response): Promise<Principal> {
  return await challenged(response, () =>
    door.identify({ credential: credentialOf(request), namespace: '', source: sourceOf(request) }),
  );
}

async function challenged(response: Response, work: () => Promise<Principal>): Promise<Principal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.kind === 'unauthenticated' && !response.headersSent)
      response.set('www-authenticate', 'Bearer realm="tmws"');
    throw error;
  }
}

/** Who was let in; undefined where nobody is asked. */
export function principalOf(response: Response): Principal | undefined {
  return response.locals.principal as Principal | undefined;
}

/** Where a request comes from, for the audit. Its query is left out: it may hold what is nobody's business. */
export function sourceOf(request: Request): Source {
  const path = `${request.baseUrl}${request.path}`;
  return {
    ip: (request.ip ?? '').replace(/^::ffff:/, ''),
    userAgent: request.get('user-agent') ?? '',
    method: `${request.method} ${path}`,
    resource: path,
  };
}

function credentialOf(request: Request): Credential | Problem | undefined {
  try {
    const own = parseAuthorization(request.get('authorization'));
    if (own !== undefined) return own;
  } catch (error) {
    return Problem.from(error);
  }
  const session = sessionOf(request.get('cookie'));
  if (session === undefined || safeMethods.has(request.method)) return session;
  const given = request.get('x-tmws-csrf');
  if (given !== undefined && sameSecret(given, csrfOf(session.secret))) return session;
  return new Problem(
    'unauthenticated',
    'a request of a session must bring the header x-tmws-csrf; GET /api/v1/session says its value',
    {
      field: 'x-tmws-csrf',
    },
  );
}
