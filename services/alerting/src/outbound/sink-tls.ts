import type { ConnectionOptions, SecureVersion } from 'node:tls';
import type { HttpConfig } from '../domain/config/http.ts';
import { fileText } from './sink-credentials.ts';

type TlsConfig = NonNullable<HttpConfig['tls_config']>;

const versions: Readonly<Record<string, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** tls_config as Node takes it. Files are read anew each time. */
export async function tlsOptions(config: TlsConfig | undefined): Promise<ConnectionOptions> {
  if (config === undefined) return {};
  const read = async (field: string, text: string | undefined, file: string | undefined): Promise<string | undefined> =>
    text ?? (file === undefined ? undefined : await fileText(`tls_config.${field}`, file));
  const ca = await read('ca_file', config.ca, config.ca_file);
  const cert = await read('cert_file', config.cert, config.cert_file);
  const key = await read('key_file', config.key?.reveal(), config.key_file);
  const minVersion = versions[config.min_version ?? ''];
  const maxVersion = versions[config.max_version ?? ''];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(config.server_name === undefined ? {} : { servername: config.server_name }),
    ...(config.insecure_skip_verify === true ? { rejectUnauthorized: false } : {}),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}
