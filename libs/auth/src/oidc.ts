// Tokens of an OpenID provider as bearer (OpenID Connect Core 1.0, 3.1.3.7; JWT BCP, RFC 8725).
import { Problem } from '@tmws/problems';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Verified } from './authenticator.ts';
import { type ClaimNames, rightsOf } from './claims.ts';

export interface OidcOptions {
  /** As the token says it. */
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are; absent: the provider's own `/.well-known/openid-configuration` says. */
  readonly jwksUrl: string | undefined;
  readonly claims: ClaimNames;
  /** How far the provider's clock may be off. */
  readonly skewMs: number;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** How soon the keys may be fetched again for one that is not known. */
  readonly cooldownMs?: number;
}

// Only signatures by a key pair: `none` is no signature, and a shared secret would make every verifier a signer.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** Verifies tokens. Keys are fetched when first needed, kept for 10 min, and fetched again when a token names one that is not known. */
export function openOidc(options: OidcOptions): (token: string) => Promise<Verified> {
  const { issuer, audience, claims, skewMs, clock, cooldownMs = 30_000 } = options;
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const remote = async (): Promise<JWTVerifyGetKey> => {
    const url = options.jwksUrl ?? (await jwksUrlOf(issuer));
    return createRemoteJWKSet(new URL(url), { cooldownDuration: cooldownMs, timeoutDuration: 5000 });
  };
  const keysNow = (): Promise<JWTVerifyGetKey> => {
    keys ??= remote().catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, await keysNow(), {
        issuer,
        audience,
        algorithms,
        clockTolerance: skewMs / 1000,
        currentDate: new Date(clock()),
        requiredClaims: ['exp'],
      });
      const { name, ...rights } = rightsOf(payload, claims);
      if (name === undefined) return { refused: `the token has no claim ${claims.name}` };
      const expiresAtMs = (payload.exp ?? 0) * 1000 + skewMs;
      return { principal: { name, ...rights, by: 'oidc', credential: issuer, expiresAtMs } };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };
}

/** @throws Problem `unavailable` when the provider cannot say, which is no word about the token */
function reasonOf(error: unknown): string {
  if (error instanceof Problem) throw error;
  const { code = '', claim = '' } = error as { code?: string; claim?: string };
  if (code === errors.JWTExpired.code) return 'the token has expired';
  if (code === errors.JWTClaimValidationFailed.code) return `the token's claim ${claim} is not the one expected`;
  if (code === errors.JWKSNoMatchingKey.code) return 'the token names a key the provider does not have';
  if (code === errors.JOSEAlgNotAllowed.code) return 'the token is signed by an algorithm that is not taken';
  if (code === errors.JWSSignatureVerificationFailed.code) return "the token's signature is wrong";
  if (code === errors.JWTInvalid.code || code === errors.JWSInvalid.code) return 'the token cannot be read';
  if (code === errors.JOSENotSupported.code || code === errors.JWKSMultipleMatchingKeys.code)
    return 'the token names no key that can be used';
  throw new Problem('unavailable', "the OpenID provider's keys cannot be fetched; try again in a moment", {
    cause: error,
    retryAfterMs: 1000,
  });
}

async function jwksUrlOf(issuer: string): Promise<string> {
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'error' });
    const { issuer: named, jwks_uri: found } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (named === issuer && typeof found === 'string' && URL.canParse(found)) return found;
    throw new Error('it names another issuer, or no keys');
  } catch (error) {
    throw new Problem('unavailable', 'the OpenID provider does not say where its keys are; try again in a moment', {
      cause: error,
      retryAfterMs: 1000,
    });
  }
}
