import { type Credential, type Door, isScope, type Knock, may, openAuthenticator, type Principal } from '@tmws/auth';
import { anonymous, defaultNamespace, openGrpcClient } from '@tmws/contracts';
import { AccessService, type Principal as PrincipalMessage } from '@tmws/contracts/access';
import { Problem } from '@tmws/problems';
import { randomUUID } from 'node:crypto';

interface Options {
  /** Where the gateway answers gRPC. */
  readonly target: () => string;
  readonly serviceToken: string;
  readonly clock: () => number;
}

/**
 * The door of a service that runs without the gateway: it asks the gateway who comes, and remembers that for 10 s. Refusals are asked for
 * again, so the gateway's audit has each of them.
 */
export function openRemoteDoor({ target, serviceToken, clock }: Options): Door & { close(): void } {
  const client = openGrpcClient(AccessService, target, { timeoutMs: 5000, token: serviceToken });
  const ask = async (
    credential: Knock['credential'],
    scope: string,
    namespace: string,
    source: Knock['source'],
    act = '',
  ): Promise<Principal> => {
    const authorization = credential === undefined || credential instanceof Problem ? '' : `Bearer ${credential.secret}`;
    const caller = anonymous(defaultNamespace, randomUUID());
    const { principal } = await client.authenticate({ authorization, scope, namespace, source, act }, { caller });
    if (principal === undefined) throw new Problem('unavailable', 'the gateway does not say who it is');
    return principalOf(principal);
  };
  const sources = new WeakMap<Credential, Knock['source']>();
  const nowhere = { ip: '', userAgent: '', method: '', resource: '' };
  const authenticator = openAuthenticator(
    async (credential) => ({ principal: await ask(credential, '', '', sources.get(credential) ?? nowhere) }),
    { clock },
  );
  return {
    on: true,
    identify: async ({ credential, source }) => await ask(credential, '', '', source),
    async admit({ credential, scope, namespace, source, act }) {
      if (credential === undefined || credential instanceof Problem) return await ask(undefined, scope, '', source);
      const own = { ...credential };
      sources.set(own, source);
      const answer = await authenticator.verify(own);
      if (!('principal' in answer)) throw new Problem('unauthenticated', 'the credential is not good here');
      const where = typeof namespace === 'string' ? namespace : namespace(answer.principal);
      // Asked once more, so that the refusal is in the audit, and the act.
      if (act === undefined && may(answer.principal, scope, where).allowed) return answer.principal;
      return await ask(credential, scope, where, source, act);
    },
    async demand(principal, scope, namespace) {
      const decision = may(principal, scope, namespace);
      if (!decision.allowed) return await Promise.reject(new Problem('forbidden', decision.reason));
    },
    // The audit is the gateway's, and who asks for this is refused there.
    deny: (_principal, reason) => Promise.reject(new Problem('forbidden', reason)),
    close: () => client.close(),
  };
}

function principalOf({ name, scopes, namespaces, by, credential, expiresAt }: PrincipalMessage): Principal {
  return {
    name,
    scopes: scopes.filter(isScope),
    namespaces: namespaces.includes('*') ? '*' : namespaces,
    by: by as Principal['by'],
    credential,
    ...(expiresAt !== undefined && { expiresAtMs: Number(expiresAt.seconds) * 1000 }),
  };
}
