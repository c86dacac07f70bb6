export {
  anonymousPrincipal,
  isRole,
  isScope,
  type Namespaces,
  type Principal,
  type Role,
  roleOf,
  roles,
  type Scope,
  scopes,
  scopesOfRole,
  servicePrincipal,
} from './principal.ts';
export { type Decision, may, onlyNamespace } from './may.ts';
export { type ApiKey, hashOf, matches, newApiKey, newSecret, prefixOfKey, sameSecret } from './secrets.ts';
export { cookieOf, type Credential, credentialOf, csrfOf, parseAuthorization, sessionCookie, sessionOf } from './credential.ts';
export { type Authenticator, openAuthenticator, type Verified, type Verify } from './authenticator.ts';
export type { ClaimNames } from './claims.ts';
export { openOidc, type OidcOptions } from './oidc.ts';
export { lookAgainMs, watchCredential } from './watch-credential.ts';
export { openRefusals, type RefusalKind, type Refusals } from './refusals.ts';
export { boundsOf, type Door, guardedDoor, type Knock, openDoor } from './door.ts';
export type { SecurityFact, Source } from './security-fact.ts';
