import {
  isRole,
  isScope,
  onlyNamespace,
  parseAuthorization,
  type Principal,
  type Scope,
  scopesOfRole,
  servicePrincipal,
  type Source,
} from '@tmws/auth';
import { defaultNamespace, type GrpcCall, type Handlers } from '@tmws/contracts';
import type { AccessService, Source as SourceMessage } from '@tmws/contracts/access';
import { Problem } from '@tmws/problems';
import type { AuditRow } from '../domain/audit-chain.ts';
import type { StoredKey } from '../access-ports.ts';
import type { Access } from '../usecases/access.ts';
import { keyJson, namespaceList } from './access-json.ts';

/** AccessService: other parts of the fleet ask it who comes; programs manage keys and read the audit by it. */
export function accessHandlers({ door, keys, audit }: Access): Handlers<(typeof AccessService)['method']> {
  return {
    async authenticate({ authorization, scope, namespace, source: given, act }) {
      const source = sourceOf(given);
      const credential = credentialOf(authorization);
      const meant = (principal: Principal): string => namespace || (onlyNamespace(principal) ?? defaultNamespace);
      const principal =
        scope === ''
          ? await door.identify({ credential, namespace, source })
          : await door.admit({ credential, scope: scopeNamed(scope), namespace: meant, source, act: act || undefined });
      const { name, scopes, namespaces, by, expiresAtMs } = principal;
      const about = { name, scopes: [...scopes], namespaces: namespaceList(namespaces), by, credential: principal.credential };
      return { principal: { ...about, ...(expiresAtMs !== undefined && { expiresAt: timestamp(expiresAtMs) }) } };
    },
    async createKey({ name, role, scopes, namespaces, expiresAt }, call) {
      if (!/^[\x20-\x7e]{1,80}$/.test(name))
        throw new Problem('invalid', 'name must be 1 to 80 printable ASCII characters', { field: 'name' });
      if (role !== '' && !isRole(role))
        throw new Problem('invalid', 'role must be viewer, editor, operator or admin', { field: 'role' });
      if ((role === '') === (scopes.length === 0))
        throw new Problem('invalid', 'role or scopes must be given, and not both', { field: 'role' });
      const given = namespaces.length === 0 ? [defaultNamespace] : namespaces;
      const asked = {
        name,
        scopes: role === '' ? scopes.map(scopeNamed) : scopesOfRole[role],
        namespaces: given.includes('*') ? ('*' as const) : given,
        expiresMs: expiresAt === undefined ? undefined : Number(expiresAt.seconds) * 1000,
      };
      const { key, secret } = await keys.create(asked, actorOf(call, 'CreateKey', name));
      return { key: keyMessage(key), secret };
    },
    async listKeys({ all }) {
      return { items: (await keys.list(all)).map(keyMessage) };
    },
    async revokeKey({ prefix }, call) {
      return keyMessage(await keys.revoke(prefix, actorOf(call, 'RevokeKey', prefix)));
    },
    async listAudit({ limit, cursor, types, principal, sourceIp, namespace }) {
      const most = limit === 0 ? 100 : Math.min(limit, 500);
      if (cursor !== '' && !/^\d{1,18}$/.test(cursor))
        throw new Problem('invalid', 'cursor must be a next_cursor', { field: 'cursor' });
      const rows = await audit.list({
        limit: most,
        before: cursor === '' ? undefined : BigInt(cursor),
        types,
        principal: principal || undefined,
        sourceIp: sourceIp || undefined,
        namespace: namespace || undefined,
      });
      return { items: rows.map(auditMessage), nextCursor: rows.length === most ? String(rows.at(-1)?.seq ?? '') : '' };
    },
    async verifyAudit() {
      const { rows, begins, broken, headHash } = await audit.verify();
      const found = broken === undefined ? {} : { brokenSeq: broken.seq, reason: broken.reason };
      const droppedAt = begins?.droppedNs === undefined ? {} : { droppedAt: timestampOfNs(begins.droppedNs) };
      const from = begins === undefined ? {} : { beginsSeq: begins.seq, ...droppedAt };
      return { rows, ...from, ...found, headHash: headHash.toString('hex') };
    },
  };
}

/** Who calls is an admin of all namespaces: the listener has asked. */
function actorOf({ caller }: GrpcCall, method: string, resource: string) {
  const source = { ip: '', userAgent: '', method: `tmws.access.v1.AccessService/${method}`, resource };
  return { principal: { ...servicePrincipal, name: caller.principal, credential: '' }, source };
}

function sourceOf(given: SourceMessage | undefined): Source {
  const { ip = '', userAgent = '', method = '', resource = '' } = given ?? {};
  return { ip, userAgent, method, resource };
}

function credentialOf(authorization: string) {
  try {
    return parseAuthorization(authorization);
  } catch (error) {
    return Problem.from(error);
  }
}

function scopeNamed(text: string): Scope {
  if (isScope(text)) return text;
  throw new Problem('invalid', `scope must be read, write, operate or admin (got ${JSON.stringify(text.slice(0, 40))})`, {
    field: 'scope',
  });
}

const timestampOfNs = (ns: bigint) => ({ seconds: ns / 1_000_000_000n, nanos: Number(ns % 1_000_000_000n) });
const timestamp = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 });

function keyMessage(key: StoredKey) {
  const { prefix, name, role = '', createdBy } = keyJson(key);
  const { createdMs, expiresMs, revokedMs, lastUsedMs } = key;
  return {
    prefix,
    name,
    role,
    createdBy,
    scopes: [...key.scopes],
    namespaces: namespaceList(key.namespaces),
    createdAt: timestamp(createdMs),
    ...(expiresMs !== undefined && { expiresAt: timestamp(expiresMs) }),
    ...(revokedMs !== undefined && { revokedAt: timestamp(revokedMs) }),
    ...(lastUsedMs !== undefined && { lastUsedAt: timestamp(lastUsedMs) }),
  };
}

function auditMessage({ seq, atNs, hash, ...rest }: AuditRow) {
  return {
    seq,
    at: timestampOfNs(atNs),
    ...rest,
    hash: hash.toString('hex'),
  };
}
