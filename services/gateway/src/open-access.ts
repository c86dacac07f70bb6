import { guardedDoor, openAuthenticator, openOidc, openRefusals } from '@tmws/auth';
import type { App, Host } from '@tmws/lifecycle';
import { relayOutbox } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import { join } from 'node:path';
import type { AccessStore } from './access-ports.ts';
import type { Access } from './usecases/access.ts';
import type { GatewayConfig } from './config.ts';
import { openPostgresAccessStore } from './outbound/postgres-access-store.ts';
import { keepAudit } from './usecases/keep-audit.ts';
import { knownCredentials } from './usecases/known-credentials.ts';
import { manageKeys } from './usecases/manage-keys.ts';
import { openSessions } from './usecases/sessions.ts';
import { tellCounted } from './usecases/tell-counted.ts';
import { verifyCredential } from './usecases/verify-credential.ts';

const schema = 'gateway';
export const migrations = { schema, dir: join(import.meta.dirname, '../migrations') };

/** Opens the store, refuses to go on when nobody could ever come in, and gives the host its door. */
export async function openAccess(app: App, config: GatewayConfig, host: Host, clock: () => number): Promise<Access> {
  const { logger } = host;
  const db = await host.migrated(migrations);
  const outbox = app.closing('outbox', relayOutbox(db, { schema, publish: host.events.publish, logger, metrics: host.metrics }));
  const nowNs = (): bigint => BigInt(clock()) * 1_000_000n;
  const store = app.closing('access', openPostgresAccessStore({ db, schema, nowNs, stored: outbox.wake }));
  const { auditRetentionMs: retentionMs } = config;
  if (retentionMs > 0) app.closing('retention of the audit', keepAudit({ audit: store.audit, retentionMs, clock, logger }));
  const { adminKey } = host.config;
  const oidc = oidcOf(config, clock);
  if (adminKey === undefined && oidc === undefined) await refuseWithoutAdmin(store, clock());
  const authenticator = openAuthenticator(verifyCredential({ store, adminKey, oidc, clock }), { clock });
  const refusals = openRefusals({ limit: config.signInLimit, clock });
  app.closing('counted refusals', tellCounted({ refusals, audit: store.audit, logger }));
  const { mayBeGood, forget: made } = knownCredentials({ store, adminKey, tokens: oidc !== undefined, clock });
  const door = guardedDoor({ verify: authenticator.verify, record: store.audit.record, clock, refusals, mayBeGood });
  host.guard(door);
  return {
    door,
    audit: store.audit,
    keys: manageKeys({ keys: store.keys, clock, made, ended: authenticator.forget }),
    sessions: openSessions({ sessions: store.sessions, clock, made, ended: authenticator.forget }),
  };
}

async function refuseWithoutAdmin({ keys }: AccessStore, nowMs: number): Promise<void> {
  const good = (await keys.list()).some(
    ({ scopes, revokedMs, expiresMs = Infinity }) => scopes.includes('admin') && revokedMs === undefined && expiresMs > nowMs,
  );
  if (good) return;
  throw new Problem(
    'precondition',
    'TMWS_AUTH is on and nobody could come in: there is no admin key; set TMWS_ADMIN_KEY_FILE to a file with a secret of at least 32 characters (`openssl rand -hex 32`)',
  );
}

function oidcOf(config: GatewayConfig, clock: () => number): ReturnType<typeof openOidc> | undefined {
  const { oidcIssuer: issuer, oidcAudience: audience, oidcJwksUrl: jwksUrl, oidcSkewMs: skewMs } = config;
  if (issuer === undefined) return undefined;
  if (audience === undefined)
    throw new Problem(
      'precondition',
      'GATEWAY_OIDC_ISSUER is set and GATEWAY_OIDC_AUDIENCE is not; tokens for others would be taken',
    );
  const listed = config.oidcNamespaces ?? [];
  const claims = {
    name: config.oidcNameClaim,
    roles: config.oidcRoleClaim,
    namespaces: config.oidcNamespacesClaim,
    roleMap: new Map((config.oidcRoleMap ?? []).map((pair) => pair.split('=') as [string, 'viewer'])),
    defaultNamespaces: listed.includes('*') ? ('*' as const) : listed,
  };
  return openOidc({ issuer, audience, jwksUrl, claims, skewMs, clock });
}
