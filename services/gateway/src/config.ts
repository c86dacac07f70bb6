import { choice, duration, integer, list, loadSettings, type SettingsOf, text } from '@tmws/settings';

/** The gateway's own settings; those of the host are `TMWS_*`. */
export const gatewaySettings = {
  timelineAddress: text('GATEWAY_TIMELINE_ADDRESS', undefined, 'where workflow-timeline answers gRPC; absent: in this process', {
    pattern: /^(dns:\/\/\/)?(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/,
    expects: 'host:port, or dns:///name:port for several replicas',
  }),
  alertingAddress: text('GATEWAY_ALERTING_ADDRESS', undefined, 'where alerting answers gRPC; absent: in this process', {
    pattern: /^(dns:\/\/\/)?(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/,
    expects: 'host:port, or dns:///name:port for several replicas',
  }),
  alertmanagerAddress: text(
    'GATEWAY_ALERTMANAGER_ADDRESS',
    undefined,
    "where alerting speaks Alertmanager's API, for `/alertmanager`; absent: in this process",
    { pattern: /^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, expects: 'host:port' },
  ),
  callTimeoutMs: duration('GATEWAY_CALL_TIMEOUT', '10s', 'how long a request may wait for another part of the fleet', {
    min: '100ms',
    max: '5m',
  }),
  maxBodyBytes: integer('GATEWAY_MAX_BODY_BYTES', 4_194_304, 'largest request body', { min: 1024, max: 67_108_864 }),
  oidcIssuer: text('GATEWAY_OIDC_ISSUER', undefined, 'OpenID provider whose tokens are taken as bearer, as its tokens name it', {
    pattern: /^https?:\/\/\S+$/,
    expects: 'an address like "https://login.example.org"',
  }),
  oidcAudience: text('GATEWAY_OIDC_AUDIENCE', undefined, 'whom tokens must be for'),
  oidcJwksUrl: text('GATEWAY_OIDC_JWKS_URL', undefined, "where the provider's keys are; absent: its own configuration says", {
    pattern: /^https?:\/\/\S+$/,
    expects: 'an address like "https://login.example.org/keys"',
  }),
  oidcNameClaim: text('GATEWAY_OIDC_NAME_CLAIM', 'sub', 'claim that names who it is'),
  oidcRoleClaim: text('GATEWAY_OIDC_ROLE_CLAIM', 'roles', 'claim with roles; dots lead into objects'),
  oidcRoleMap: list('GATEWAY_OIDC_ROLE_MAP', "the provider's words for our roles: `sre=operator,staff=viewer`", {
    pattern: /^[^=\s]+=(viewer|editor|operator|admin)$/,
    expects: 'word=role,word=role with viewer, editor, operator or admin',
  }),
  oidcNamespacesClaim: text('GATEWAY_OIDC_NAMESPACES_CLAIM', 'tmws_namespaces', 'claim with namespaces; `*` is all'),
  oidcNamespaces: list('GATEWAY_OIDC_NAMESPACES', 'namespaces of tokens without that claim; `*` is all; absent: none', {
    pattern: /^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/,
    expects: 'namespaces with commas between, or *',
  }),
  oidcSkewMs: duration('GATEWAY_OIDC_CLOCK_SKEW', '60s', "how far the provider's clock may be off", { min: '0s', max: '5m' }),
  signInLimit: integer(
    'GATEWAY_SIGN_IN_LIMIT',
    20,
    'refusals from one address within a minute that are looked at and stored one by one, further ones are counted; 0 = all are',
    { min: 0, max: 100_000 },
  ),
  auditRetentionMs: duration('GATEWAY_AUDIT_RETENTION', '0s', 'how long rows of the audit are kept; 0s: for ever', {
    min: '0s',
    max: '36500d',
  }),
  demo: choice('GATEWAY_DEMO', ['on', 'off'], 'on', 'whether `POST /api/v1/demo` plays the demo'),
} as const;

export type GatewayConfig = SettingsOf<typeof gatewaySettings>;

/** @throws Problem `precondition` that lists every mistake */
export function loadConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  return loadSettings('gateway', gatewaySettings, env);
}
