import {
  boundsOf,
  lookAgainMs,
  watchCredential,
  type Credential,
  type Door,
  onlyNamespace,
  parseAuthorization,
  type Principal,
  sameSecret,
} from '@tmws/auth';
import { type Admit, anonymous, defaultNamespace, type GrpcKnock, parseNamespace } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { acts, grpcNeeds } from './grpc-scopes.ts';

/**
 * Who calls, for a gRPC listener. A part of this fleet shows the service token and is believed in whose name and namespace it asks, as it
 * has asked whether they may; everybody else shows a credential of their own, and their call ends soon after that does. Reflection is of no namespace.
 */
export function admitCalls(door: Door, serviceToken: string, everyMs = lookAgainMs): Admit {
  return async (knock) => {
    const { text, requestId, method, over, end } = knock;
    const named = text('x-tmws-namespace');
    const asked = named === undefined || named === '' ? undefined : parseNamespace(named, 'metadata x-tmws-namespace');
    if (!door.on) return anonymous(asked ?? defaultNamespace, requestId);
    const credential = credentialOf(text('authorization'));
    if (credential !== undefined && !(credential instanceof Problem) && sameSecret(credential.secret, serviceToken)) {
      return { namespace: asked ?? defaultNamespace, principal: principalNamed(text('x-tmws-principal')), requestId };
    }
    const { scope, everyNamespace = false } = grpcNeeds(method);
    const meant = (principal: Principal): string => asked ?? onlyNamespace(principal) ?? defaultNamespace;
    const source = sourceOf(knock);
    const look = () => door.identify({ credential, namespace: '', source });
    if (scope === 'service') {
      const reason = `${method} is for parts of this fleet; TMWS_SERVICE_TOKEN is theirs`;
      return await door.deny(await look(), reason, '*', source);
    }
    const act = acts(method, scope) ? (method.split('/')[1] ?? method) : undefined;
    const principal = await door.admit({ credential, scope, namespace: everyNamespace ? '*' : meant, source, act });
    watchCredential(look, { everyMs, over, ended: end });
    return {
      namespace: meant(principal),
      principal: principal.name,
      requestId,
      bounds: boundsOf(door, principal, scope, source),
    };
  };
}

function sourceOf({ method, text, ip }: GrpcKnock) {
  return { ip, userAgent: text('user-agent') ?? '', method, resource: method };
}

function credentialOf(header: string | undefined): Credential | Problem | undefined {
  try {
    return parseAuthorization(header);
  } catch (error) {
    return Problem.from(error);
  }
}

function principalNamed(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? 'service');
  } catch {
    return 'service';
  }
}
