import { Problem } from '@tmws/problems';
import { hashOf, prefixOfKey } from './secrets.ts';

/** What a request brings to say who it comes from. */
export type Credential =
  | { readonly kind: 'key'; readonly prefix: string; readonly secret: string; readonly user?: string }
  | { readonly kind: 'token'; readonly secret: string; readonly user?: string }
  /** No form of ours: the admin key of a file, the token of a service, or nothing that is known. */
  | { readonly kind: 'secret'; readonly secret: string; readonly user?: string }
  | { readonly kind: 'session'; readonly secret: string };

export const sessionCookie = 'tmws_session';

const maxSecretLength = 16 * 1024;

/**
 * The credential of an `Authorization` header: Bearer (RFC 6750) with a key or a token, or Basic (RFC 7617) with any user and a key as
 * the password.
 *
 * @returns undefined without a header
 * @throws Problem `unauthenticated` for another scheme, or one that cannot be read; it shows nothing of what came
 */
export function parseAuthorization(header: string | undefined): Credential | undefined {
  if (header === undefined || header === '') return undefined;
  const [, scheme = '', rest = ''] = /^([\w-]{1,32}) +(\S{1,32768})$/.exec(header) ?? [];
  if (/^bearer$/i.test(scheme) && rest.length <= maxSecretLength) return credentialOf(rest);
  if (/^basic$/i.test(scheme)) {
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(rest, 'base64').toString('utf8')) ?? [];
    if (password !== '' && password.length <= maxSecretLength) return { ...credentialOf(password), user };
  }
  throw new Problem(
    'unauthenticated',
    'Authorization cannot be read; send "Bearer" with an API key or a token, or "Basic" with the key as password',
    {
      field: 'authorization',
    },
  );
}

/** What a secret is, by its form. */
export function credentialOf(secret: string): Exclude<Credential, { kind: 'session' }> {
  const prefix = prefixOfKey(secret);
  if (prefix !== undefined) return { kind: 'key', prefix, secret };
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret) ? { kind: 'token', secret } : { kind: 'secret', secret };
}

/** The value of a cookie (RFC 6265, 4.2). The first one counts. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name)
      return pair
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

/** The credential of a session's cookie. */
export function sessionOf(cookies: string | undefined): Credential | undefined {
  const secret = cookieOf(cookies, sessionCookie);
  return secret === undefined || secret === '' || secret.length > 128 ? undefined : { kind: 'session', secret };
}

/** What an unsafe request of a session must bring as `x-tmws-csrf`: another site's page can send the cookie, but not read this. */
export function csrfOf(session: string): string {
  return hashOf(`csrf ${session}`).toString('base64url');
}
