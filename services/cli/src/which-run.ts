import type { ListExecutionsResponseJson } from '@tmws/contracts';
import type { Client } from './client.ts';
import { Failure } from './failure.ts';

const statusesByName: Readonly<Record<string, string | undefined>> = {
  '@last': undefined,
  '@last-failed': 'failed,timed_out',
  '@last-good': 'completed',
};

/**
 * Looks at the run a person means: an id, `run/ID`, the beginning of exactly one id, or `@last`, `@last-failed`, `@last-good`.
 *
 * @throws Failure `not_found`, or `invalid` when the beginning fits several
 */
export async function lookAtRun<T>(client: Client, reference: string, look: (id: string) => Promise<T>): Promise<T> {
  const name = reference.replace(/^(?:runs?|ex|executions?)\//, '');
  if (Object.hasOwn(statusesByName, name)) return look(await lastRun(client, name));
  if (name.startsWith('@')) {
    throw Failure.of(
      'invalid',
      `${JSON.stringify(name)} is no name of a run; there are ${Object.keys(statusesByName).join(', ')}`,
    );
  }
  try {
    return await look(name);
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.kind !== 'not_found') throw error;
    const id = await runThatBegins(client, name);
    if (id === undefined) throw new Failure(error.problem, '`tmws run list` shows the runs there are');
    return look(id);
  }
}

async function lastRun(client: Client, name: string): Promise<string> {
  const { items = [] } = await client.get<ListExecutionsResponseJson>('/api/v1/executions', {
    status: statusesByName[name],
    limit: 1,
  });
  const id = items[0]?.id;
  if (id === undefined)
    throw Failure.of(
      'not_found',
      `there is no run ${name} means`,
      '`tmws run list` shows the runs there are; `tmws demo` makes some',
    );
  return id;
}

async function runThatBegins(client: Client, prefix: string): Promise<string | undefined> {
  const { items = [] } = await client.get<ListExecutionsResponseJson>('/api/v1/executions', {
    q: `id:${JSON.stringify(prefix).replaceAll('*', String.raw`\*`)}`,
    limit: 100,
  });
  const ids = items.flatMap(({ id }) => (id?.startsWith(prefix) === true ? [id] : []));
  if (ids.length > 1)
    throw Failure.of(
      'invalid',
      `${ids.length} runs begin with ${JSON.stringify(prefix)}: ${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`,
    );
  return ids[0];
}
