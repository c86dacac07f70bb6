// The query language in SQL. Every condition is true or false, never NULL, so that NOT turns it round.
import type { Pattern, QueryTest } from '../domain/query/query.ts';
import type { ExecutionFilter } from '../listing-ports.ts';

/** How long an execution took, as Execution.makespan_ns has it; NULL before anything started. `now` is an SQL parameter. */
export const durationSql = (now: string): string =>
  `(greatest(finished_ns, last_end_ns, CASE WHEN status = 'running' THEN ${now}::bigint END, least(started_ns, first_start_ns)) - least(started_ns, first_start_ns))`;

/** What a key's value is, in SQL. Those without have the empty text. An execution that told no error has that of its first failed step. */
export const valueSql = {
  workflow: 'workflow_name',
  version: 'workflow_version',
  name: `coalesce(nullif(name, ''), workflow_name)`,
  id: 'id',
  parent: 'parent_id',
  origin: `coalesce(origin->>'format', '')`,
  error: `coalesce(coalesce(error, first_failure)->>'type', '')`,
  message: `coalesce(coalesce(error, first_failure)->>'message', '')`,
  'failed-at': `coalesce(first_failure->>'step', '')`,
} as const;

const failed = ['failed', 'timed_out'];

/** What the filter's statuses leave over; undefined = any. */
function statusesOf({ statuses, terms }: ExecutionFilter): readonly string[] | undefined {
  const asked = terms.flatMap(({ not, test }) => (!not && test.on === 'status' ? [test.statuses] : []));
  if (statuses.length > 0) asked.push(statuses);
  return asked.length === 0 ? undefined : asked.reduce((left, some) => left.filter((status) => some.includes(status)));
}

/** Whether none but failures can match, which have an index of their own. */
export function onlyFailures(filter: ExecutionFilter): boolean {
  const statuses = statusesOf(filter);
  return statuses !== undefined && statuses.every((status) => failed.includes(status));
}

/** As the index of failures has it, in the same words. */
export const failedSql = `status IN ('failed', 'timed_out')`;

/** Adds a value to a statement. @returns its parameter */
export type Bind = (value: unknown) => string;

/** The values of a statement, and how one is added. */
export function parameters(): { bind: Bind; values: unknown[] } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** Namespace and range of time: what the index by start finds. */
export function rangeConditions(filter: ExecutionFilter, bind: Bind): string[] {
  const { fromNs, toNs } = startRange(filter);
  const conditions = [`namespace = ${bind(filter.namespace)}`, 'seq > 0'];
  if (fromNs !== undefined) conditions.push(`sort_ns >= ${bind(fromNs)}::bigint`);
  if (toNs !== undefined) conditions.push(`sort_ns < ${bind(toNs)}::bigint`);
  if (onlyFailures(filter)) conditions.push(failedSql);
  return conditions;
}

/** The whole filter. */
export function filterConditions(filter: ExecutionFilter, bind: Bind): string[] {
  const conditions = rangeConditions(filter, bind);
  if (filter.workflow !== undefined) conditions.push(`workflow_name = ${bind(filter.workflow)}`);
  if (filter.statuses.length > 0) conditions.push(`status = ANY(${bind(filter.statuses)}::text[])`);
  for (const { not, test } of filter.terms) {
    const holds = testSql(test, filter.nowNs, bind);
    conditions.push(not ? `NOT (${holds})` : holds);
  }
  return conditions;
}

/** The range of time that `from`, `to` and `started:` leave over. */
export function startRange({ fromNs, toNs, terms }: ExecutionFilter): { fromNs: bigint | undefined; toNs: bigint | undefined } {
  const ranges = terms.flatMap(({ not, test }) => (!not && test.on === 'started' && test.ranges.length === 1 ? test.ranges : []));
  return ranges.reduce(
    (left, { from, to }) => ({
      fromNs: from !== undefined && (left.fromNs === undefined || from > left.fromNs) ? from : left.fromNs,
      toNs: to !== undefined && (left.toNs === undefined || to < left.toNs) ? to : left.toNs,
    }),
    { fromNs, toNs },
  );
}

function testSql(test: QueryTest, nowNs: bigint, bind: Bind): string {
  if (test.on === 'status') return `status = ANY(${bind(test.statuses)}::text[])`;
  if (test.on === 'id') return any(test.prefixes, (prefix) => `starts_with(id, ${bind(prefix)}::text)`);
  if (test.on === 'text') {
    return any(test.patterns, (pattern) => {
      const part = bind(`%${likeOf(pattern)}%`);
      return ['id', 'name', 'workflow_name'].map((column) => `${column} ILIKE ${part}`).join(' OR ');
    });
  }
  if ('ranges' in test) {
    const value = test.on === 'duration' ? durationSql(bind(nowNs)) : test.on === 'steps' ? 'step_count::bigint' : 'sort_ns';
    return any(test.ranges, ({ from, to }) => {
      const parts = [
        ...(from === undefined ? [] : [`${value} >= ${bind(from)}::bigint`]),
        ...(to === undefined ? [] : [`${value} < ${bind(to)}::bigint`]),
      ];
      return `coalesce(${parts.join(' AND ')}, false)`;
    });
  }
  const value = valueSql[test.on];
  return any(test.patterns, (pattern) => {
    // Any value at all, but one.
    if (pattern.every((piece) => piece === '') && pattern.length > 1) return `${value} <> ''`;
    const like = likeOf(pattern);
    return `${value} ILIKE ${bind(test.on === 'message' ? `%${like}%` : like)}`;
  });
}

const any = <T>(values: readonly T[], sql: (value: T) => string): string => `(${values.map(sql).join(' OR ')})`;

/** The pattern as LIKE has it, with nothing special but its stars. */
export const likeOf = (pattern: Pattern): string =>
  pattern.map((piece) => piece.replaceAll(/[\\%_]/g, String.raw`\$&`)).join('%');
