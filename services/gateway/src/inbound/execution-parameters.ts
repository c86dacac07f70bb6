// What may be asked of executions.
import { z } from 'zod';
import { limit, namespaced, plain, since, someOf, time } from './parameters.ts';
import { executionStatuses } from './schemas/execution.ts';

const sorts = ['-startedAt', 'startedAt', '-duration', 'duration', '-changed'] as const;
/** Which executions; all that are given must hold. */
export const filterParameters = {
  workflow: plain('Exact workflow name', 'research-agent'),
  status: someOf(executionStatuses, 'Any of these; repeated, or with commas between'),
  from: time('from', 'Started at or after'),
  to: time('to', 'Started before'),
  q: plain(
    'The query language (docs/query.md): words of an id, name or workflow name, and `key:value` for ' +
      'status, workflow, version, name, duration, started, steps, error, message, id, parent, origin; `-` before a term turns it round. ' +
      'A wrong word is 400 with its `position`',
    'research status:failed,timed_out duration:>30s',
  ),
};
export const listQuery = z.strictObject(
  {
    ...namespaced,
    ...filterParameters,
    sort: z
      .enum(sorts, { error: `must be one of ${sorts.join(', ')}` })
      .optional()
      .meta({ description: '`-startedAt` if absent' }),
    limit: limit(50, 500),
    cursor: plain('`nextCursor` of the page before', 'b2Zmc2V0OjUw'),
    since: since('from now on'),
  },
  { error: 'workflow, status, from, to, q, sort, limit, cursor, since and namespace are taken' },
);
export const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
export const bottleneckQuery = z.strictObject(
  { ...namespaced, limit: limit(50, 1000) },
  { error: 'limit and namespace are taken' },
);
const graphFormats = ['json', 'dot', 'mermaid'] as const;
export const graphQuery = z.strictObject(
  {
    ...namespaced,
    format: z
      .enum(graphFormats, { error: `must be one of ${graphFormats.join(', ')}` })
      .optional()
      .meta({ description: '`json` if absent' }),
  },
  { error: 'format and namespace are taken' },
);
export const streamQuery = z.strictObject(
  { ...namespaced, since: since('everything') },
  { error: 'since and namespace are taken' },
);
