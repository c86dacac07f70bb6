import { request } from 'node:http';
import { Problem } from '@tmws/problems';
import { loadSettings } from '@tmws/settings';
import { authority } from './authority.ts';
import { hostSettings } from './host-config.ts';

const answerWithinMs = 2000;

/**
 * The verb `ready`: asks the process whose settings these are, by its admin port, whether it is ready. For health checks where there is no
 * shell and no curl.
 *
 * @throws Problem `unavailable` that says what was asked and what it said
 */
export async function askReady(owner: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { bind, adminPort } = loadSettings(owner, { bind: hostSettings.bind, adminPort: hostSettings.adminPort }, env);
  if (adminPort === 0) {
    throw new Problem('precondition', 'TMWS_ADMIN_PORT is 0, so nobody knows which port the process took; set it to a port');
  }
  const url = `http://${authority(anyOf.get(bind) ?? bind, adminPort)}/readyz`;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request(url, { timeout: answerWithinMs, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${answerWithinMs / 1000} s`)));
    asked.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new Problem('unavailable', `${owner} does not answer at ${url}: ${cause.code ?? cause.message}`, { cause })),
    );
    asked.end();
  });
  if (status !== 200) throw new Problem('unavailable', `${owner} is not ready: ${url} answers ${status}`);
}

/** Every address of a machine is also reached by its loopback. */
const anyOf = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);
