// The gateway with sign-in on, an embedded database of its own and a clock that stands until it is moved.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { cacheDir, tempDir } from '@tmws/testkit';
import { type Gateway, nowMs, openGateway } from './open-gateway.ts';

export const adminKey = randomBytes(32).toString('hex');
export const serviceToken = randomBytes(32).toString('hex');

interface AuditLine {
  readonly type: string;
  readonly reason: string;
  readonly principal: string;
  readonly method: string;
  readonly namespace: string;
  readonly times?: number;
}

export interface Guarded extends Gateway {
  /** The time of the gateway, ms since the epoch. */
  now(): number;
  advance(ms: number): void;
  /** Asks with a secret as bearer; undefined: with none. */
  as(secret: string | undefined, path: string, init?: RequestInit): Promise<Response>;
  /** Makes a key and gives the whole of it. */
  key(asked: { role?: string; scopes?: string[]; namespaces?: string[]; name?: string; expiresAt?: string }): Promise<string>;
  /** Lines of the audit, newest first. */
  audit(query?: string): Promise<AuditLine[]>;
}

export async function openGuarded(env: NodeJS.ProcessEnv = {}): Promise<Guarded> {
  const dir = await tempDir('guarded');
  const time = { now: nowMs };
  const gateway = await openGateway(
    // What is about many refusals is about each; the limit has a test of its own.
    { GATEWAY_SIGN_IN_LIMIT: '0', ...env },
    { clock: { nowMs: () => time.now } },
    {
      TMWS_AUTH: 'on',
      TMWS_ADMIN_KEY: adminKey,
      TMWS_SERVICE_TOKEN: serviceToken,
      TMWS_DATA_DIR: join(dir.path, 'data'),
      TMWS_CACHE_DIR: cacheDir(),
    },
    10,
  );
  const as: Guarded['as'] = (secret, path, init = {}) => {
    const headers = new Headers(init.headers);
    if (secret !== undefined) headers.set('authorization', `Bearer ${secret}`);
    return gateway.get(path, { ...init, headers });
  };
  return {
    ...gateway,
    now: () => time.now,
    advance: (ms) => void (time.now += ms),
    as,
    async key(asked) {
      const body = JSON.stringify({ name: 'made', ...asked });
      const response = await as(adminKey, '/api/v1/auth/keys', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(201);
      return ((await response.json()) as { secret: string }).secret;
    },
    async audit(query = '') {
      const response = await as(adminKey, `/api/v1/audit?limit=500${query}`);
      return ((await response.json()) as { items: Awaited<ReturnType<Guarded['audit']>> }).items;
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await dir.remove();
    },
  };
}
