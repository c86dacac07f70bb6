// What may be asked of alerts.
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { z } from 'zod';
import { limit, namespaced, plain, since, someOf, time } from './parameters.ts';
import { historyKinds } from './schemas/alert-history.ts';

const states = ['active', 'suppressed', 'damped'] as const;
const filterError = 'must be matchers, like severity="critical"';

const filterParameters = {
  filter: z
    .preprocess(
      (given) => (typeof given === 'string' ? [given] : given),
      z
        .array(z.string({ error: filterError }).max(4096, { error: 'must be at most 4096 characters' }), { error: filterError })
        .max(100, { error: 'must be given at most 100 times' })
        .meta({ examples: [['severity="critical"', 'job=~"api.*"']] }),
    )
    .optional()
    .meta({ description: 'Matchers as amtool takes them, with = != =~ or !~; repeated: all must hold' }),
  state: someOf(states, 'Any of these; repeated, or with commas between'),
  receiver: plain('Regular expression of Go (RE2) for the whole name of a receiver', 'on-call.*'),
  acknowledged: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .optional()
    .meta({ description: 'Only those somebody acknowledged, or only those nobody did' }),
  assignee: plain('Exactly this assignee', 'ann'),
};
const paging = { limit: limit(100, 500), cursor: plain('`nextCursor` of the page before', 'b2Zmc2V0OjUw') };

export const alertsQuery = z.strictObject(
  {
    ...namespaced,
    ...filterParameters,
    group: z
      .string({ error: 'must be given once' })
      .regex(/^[0-9a-f]{16}$/, { error: 'must be the id of a group: 16 hex digits' })
      .optional()
      .meta({ description: 'Only those of this group', examples: ['1f0c6b3a9d2b4e80'] }),
    at: time('at', 'What fired then, from history; now if absent'),
    ...paging,
  },
  { error: 'filter, state, receiver, acknowledged, assignee, group, at, limit, cursor and namespace are taken' },
);
export const groupsQuery = z.strictObject(
  { ...namespaced, ...filterParameters, ...paging },
  { error: 'filter, state, receiver, acknowledged, assignee, limit, cursor and namespace are taken' },
);
const historyParameters = {
  kind: someOf(historyKinds, 'Only these kinds; repeated, or with commas between'),
  from: time('from', 'At or after'),
  to: time('to', 'Before'),
};
export const historyQuery = z.strictObject(
  {
    ...namespaced,
    fingerprint: z
      .string({ error: 'must be given once' })
      .regex(/^[0-9a-f]{16}$/, { error: 'must be a fingerprint: 16 hex digits' })
      .optional()
      .meta({ description: 'Of this alert alone', examples: ['7f1c6f3a9d2b4e80'] }),
    ...historyParameters,
    ...paging,
  },
  { error: 'fingerprint, kind, from, to, limit, cursor and namespace are taken' },
);
export const oneHistoryQuery = z.strictObject(
  { ...namespaced, ...historyParameters, ...paging },
  { error: 'kind, from, to, limit, cursor and namespace are taken' },
);
export const streamQuery = z.strictObject(
  { ...namespaced, since: since('from now on') },
  { error: 'since and namespace are taken' },
);
export const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });

/** A filter as the service is asked. */
export function filterOf(given: Omit<z.output<typeof groupsQuery>, 'namespace'>) {
  const { filter = [], state = [], receiver = '', acknowledged, assignee = '', limit: most = 0, cursor = '' } = given;
  return {
    ...{ filters: filter, states: state, receiver, assignee, limit: most, cursor },
    ...(acknowledged !== undefined && { acknowledged: acknowledged === 'true' }),
  };
}

export const timestampOf = (ns: bigint): Timestamp => timestampFromMs(Number(ns / 1_000_000n));

/** What is asked of history. */
export function historyOf(given: Omit<z.output<typeof historyQuery>, 'namespace'>) {
  const { fingerprint = '', kind = [], from, to, limit: most = 0, cursor = '' } = given;
  return {
    ...{ fingerprint, kinds: kind, limit: most, cursor },
    ...(from !== undefined && { from: timestampOf(from) }),
    ...(to !== undefined && { to: timestampOf(to) }),
  };
}
