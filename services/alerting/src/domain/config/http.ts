// http_config: how a receiver's HTTP requests are made.
import { atMostOne, bool, list, object, parsed, record, secret, text, unsupported } from './readers.ts';

const tlsVersion = parsed((value) => (/^TLS1[0-3]$/.test(value) ? value : undefined), 'TLS10, TLS11, TLS12 or TLS13');

const tlsFields = atMostOne(
  object({
    ca: text,
    ca_file: text,
    cert: text,
    cert_file: text,
    key: secret,
    key_file: text,
    server_name: text,
    insecure_skip_verify: bool,
    min_version: tlsVersion,
    max_version: tlsVersion,
  }),
  ['ca', 'ca_file'],
  ['cert', 'cert_file'],
  ['key', 'key_file'],
);

/** tls_config. A certificate comes with its key. */
export const tlsConfig: typeof tlsFields = (place) => {
  const read = tlsFields(place);
  if (read !== undefined && ((read.cert ?? read.cert_file) === undefined) !== ((read.key ?? read.key_file) === undefined)) {
    place.reading.fault(place, 'a certificate (cert or cert_file) and its key (key or key_file) belong together');
  }
  return read;
};

const authorizationFields = atMostOne(object({ type: text, credentials: secret, credentials_file: text }), [
  'credentials',
  'credentials_file',
]);
const authorization: typeof authorizationFields = (place) => {
  const read = authorizationFields(place);
  if (read?.type?.trim().toLowerCase() === 'basic') place.reading.fault(place, 'for type "basic" use basic_auth');
  return read;
};

const noProxy = unsupported(
  'proxies are not supported: requests would go around the proxy; remove it, or send through a webhook that uses it',
);

const fields = object({
  basic_auth: atMostOne(
    object({ username: text, username_file: text, password: secret, password_file: text }),
    ['username', 'username_file'],
    ['password', 'password_file'],
  ),
  authorization,
  bearer_token: secret,
  bearer_token_file: text,
  oauth2: unsupported('oauth2 is not supported: requests would go out without a token; use authorization or basic_auth'),
  tls_config: tlsConfig,
  follow_redirects: bool,
  enable_http2: bool,
  proxy_url: noProxy,
  no_proxy: noProxy,
  proxy_from_environment: (place) => (bool(place) === true ? noProxy(place) : undefined),
  proxy_connect_header: noProxy,
  http_headers: record(object({ values: list(text), secrets: list(secret), files: list(text) })),
});

export type HttpConfig = NonNullable<ReturnType<typeof fields>>;

/** http_config, with at most one way to say who is asking. */
export const httpConfig = atMostOne(fields, ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file']);
