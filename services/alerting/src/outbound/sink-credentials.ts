// Secrets of receivers at the time of sending: from the configuration, or from files that are read anew each time, so that they
// can be changed without a restart.
import { readFile } from 'node:fs/promises';
import type { HttpConfig } from '../domain/config/http.ts';
import type { Secret } from '../domain/config/secret.ts';
import { codeOf, SinkFault } from './sink-answer.ts';

/** What a file of the configuration holds. `field` names it in the fault; a file that is not there may come. */
export async function fileText(field: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SinkFault(`the file of ${field} cannot be read (${codeOf(error)})`, false);
  }
}

/** The secret itself, or what its file holds, without space around it; '' if there is neither. */
export async function secretText(field: string, value: Secret | string | undefined, file: string | undefined): Promise<string> {
  if (value !== undefined) return typeof value === 'string' ? value : value.reveal();
  return file === undefined ? '' : (await fileText(field, file)).trim();
}

/** The address to send to. @throws SinkFault, permanent, if it is none */
export async function addressOf(field: string, value: Secret | undefined, file: string | undefined): Promise<URL> {
  const text = await secretText(field, value, file);
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new SinkFault(
    `${field} is not an address that begins with http:// or https:// (it is a secret, so it is not shown)`,
    true,
  );
}

/** The headers that say who is asking, and those of http_headers. */
export async function headersOf(config: HttpConfig | undefined): Promise<Record<string, string | string[]>> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, { values = [], secrets = [], files = [] }] of Object.entries(config?.http_headers ?? {})) {
    const fromFiles = await Promise.all(files.map((file) => secretText(`http_headers.${name}.files`, undefined, file)));
    headers[name.toLowerCase()] = [...values, ...secrets.map((secret) => secret.reveal()), ...fromFiles];
  }
  const authorization = await authorizationOf(config);
  return authorization === undefined ? headers : { ...headers, authorization };
}

async function authorizationOf(config: HttpConfig | undefined): Promise<string | undefined> {
  const { basic_auth: basic, authorization, bearer_token: token, bearer_token_file: tokenFile } = config ?? {};
  if (basic !== undefined) {
    const user = await secretText('basic_auth.username_file', basic.username, basic.username_file);
    const password = await secretText('basic_auth.password_file', basic.password, basic.password_file);
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  if (authorization !== undefined) {
    const { type = 'Bearer', credentials, credentials_file: file } = authorization;
    return `${type.trim()} ${await secretText('authorization.credentials_file', credentials, file)}`.trim();
  }
  if (token === undefined && tokenFile === undefined) return undefined;
  return `Bearer ${await secretText('bearer_token_file', token, tokenFile)}`;
}
