// Who may do what with the embedded log. A key good for some namespaces may only write, and only events of these: what is read of the
// log does not stop at a namespace.
import {
  boundsOf,
  credentialOf,
  type Door,
  onlyNamespace,
  type Principal,
  sameSecret,
  type Scope,
  type Source,
} from '@tmws/auth';
import { defaultNamespace } from '@tmws/contracts';
import { dlqOf, openBatch, ownTypes, topics } from '@tmws/events';
import type { KafkaAccess, Need } from '@tmws/kafka-wire';
import { Problem } from '@tmws/problems';

interface Options {
  /** Undefined until the host is there. */
  readonly door: () => Door | undefined;
  readonly serviceToken: string;
}

/** Signs in with SASL/PLAIN: any user, a key or token as password. Who it is is asked anew for each request, so one that ended is cut off. */
export function kafkaAccess({ door: doorOf, serviceToken }: Options): KafkaAccess {
  return {
    async signIn({ user, secret, clientId, remoteAddress }) {
      if (sameSecret(secret, serviceToken)) return {};
      const door = doorOf();
      if (door === undefined) throw new Problem('unavailable', 'nobody can say yet who may come in');
      const credential = { ...credentialOf(secret), user };
      const client = { clientId, remoteAddress };
      const source = sourceOf(client, 'SaslAuthenticate', '');
      const refused = await refusalOf(async () => {
        const { scopes } = await door.identify({ credential, namespace: '', source });
        await door.admit({ credential, scope: scopes[0] ?? 'read', namespace: ownNamespace, source });
      }, 'unauthenticated');
      if (refused !== undefined) return refused;
      return {
        refusal: (need, api) =>
          refusalOf(async () => {
            const asked = sourceOf(client, api, need.topic ?? need.group ?? '');
            const { scope, everyNamespace } = kafkaNeeds(need);
            const namespace = everyNamespace ? '*' : ownNamespace;
            const act = changing.test(api) && need.operation === 'admin' ? api : undefined;
            const principal = await door.admit({ credential, scope, namespace, source: asked, act });
            const all = principal.namespaces === '*' && principal.scopes.includes('admin');
            if (!all) for (const batch of need.batches ?? []) await checkBatch(door, principal, asked, batch);
          }),
      };
    },
    async turnedAway(api, client) {
      const source = sourceOf(client, api, '');
      await refusalOf(async () => {
        await doorOf()?.identify({ credential: undefined, namespace: '', source });
      }, 'unauthenticated');
    },
  };
}

function sourceOf(
  { clientId, remoteAddress }: { clientId: string; remoteAddress: string },
  api: string,
  resource: string,
): Source {
  return { ip: remoteAddress.replace(/^::ffff:/, ''), userAgent: clientId, method: `kafka/${api}`, resource };
}

async function refusalOf(work: () => Promise<void>, ...also: Problem['kind'][]): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Problem && ['forbidden', 'invalid', 'limited', ...also].includes(error.kind)) return error.message;
    throw error;
  }
}

/** A namespace that the credential has, if any: for what is asked of none in particular. */
function ownNamespace(principal: Principal): string {
  return (
    onlyNamespace(principal) ?? (principal.namespaces === '*' ? defaultNamespace : (principal.namespaces[0] ?? defaultNamespace))
  );
}

/** Calls of Kafka's admin that change something. */
const changing = /^(?:Create|Delete|Alter|Incremental)/;

const openTopics = new Set(topics);
const deadLetters = new Set(topics.map(dlqOf));

/** What a request needs. The audit lies on `tmws.security`, so reading that needs what reading the audit needs. */
export function kafkaNeeds({ operation, topic = '', group = '' }: Need): { scope: Scope; everyNamespace: boolean } {
  const ours = group.startsWith('tmws-') || deadLetters.has(topic) || (operation === 'read' && topic === 'tmws.security');
  if (operation === 'admin' || ours) return { scope: 'admin', everyNamespace: true };
  return { scope: operation, everyNamespace: operation === 'read' || (topic !== '' && !openTopics.has(topic)) };
}

/** @throws Problem `forbidden` for events of other namespaces (told in the audit), or that only TMWS tells; `invalid` for what has no namespace */
async function checkBatch(door: Door, principal: Principal, source: Source, batch: Buffer): Promise<void> {
  const bounded = principal.namespaces !== '*';
  const bounds = boundsOf(door, principal, 'write', source);
  for (const event of await openBatch(source.resource, batch)) {
    if (event instanceof Problem) {
      if (bounded) throw new Problem('invalid', `a key of some namespaces sends events only: ${event.message}`);
      continue;
    }
    if (ownTypes.has(event.type)) throw new Problem('forbidden', `${event.type} is told by TMWS itself`, { field: 'type' });
    const namespace = event.namespace ?? defaultNamespace;
    if (bounds.allows(namespace)) continue;
    await bounds.told();
    throw new Problem('forbidden', `the namespace ${JSON.stringify(namespace)} of a record is none of this key`, {
      field: 'tmwsnamespace',
    });
  }
}
