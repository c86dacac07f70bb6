import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from './failure.ts';

const defaultServer = 'http://127.0.0.1:8080';

/** Where the server is: asked for, from the environment, from the fleet that runs in the data folder, or the default. */
export function serverAddress(given: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string {
  if (given !== undefined) return parseAddress(given, '--server');
  if (env.TMWS_SERVER !== undefined && env.TMWS_SERVER !== '') return parseAddress(env.TMWS_SERVER, 'TMWS_SERVER');
  const dataDir = env.TMWS_DATA_DIR === undefined || env.TMWS_DATA_DIR === '' ? '.tmws' : env.TMWS_DATA_DIR;
  const running = readHttpAddress(join(resolve(cwd, dataDir), 'addresses.json'));
  return running === undefined ? defaultServer : parseAddress(running, 'addresses.json');
}

/** `host:port` or an http address, without a slash at the end. */
function parseAddress(text: string, from: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw Failure.of('invalid', `${from} must be an address like "http://127.0.0.1:8080" (got ${JSON.stringify(text)})`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What a running fleet wrote; a file that is absent or none of ours says nothing. */
function readHttpAddress(file: string): string | undefined {
  try {
    const { http } = JSON.parse(readFileSync(file, 'utf8')) as { http?: unknown };
    return typeof http === 'string' ? http : undefined;
  } catch {
    return undefined;
  }
}
