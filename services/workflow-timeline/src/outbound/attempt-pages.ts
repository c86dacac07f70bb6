// All attempts of an execution, in pages of one row each: columns as texts. Of a hundred thousand rows, neither the database's
// protocol nor the driver's reading of it is paid for each.
import type { Queryable } from '@tmws/postgres';
import type { Attempt, StepStatus } from '../domain/attempt.ts';
import type { RowPlace } from '../ports.ts';
import { attemptParts } from './fact-json.ts';
import { shownColumns } from './rows.ts';

const pageSize = 50_000;

/** Columns of a page, their values between commas; what is not known is empty. */
interface Page {
  readonly count: number;
  readonly step_keys: string;
  readonly attempts: string;
  /** JSON. */
  readonly step_ids: readonly string[];
  /** JSON, one a line. */
  readonly paths: string;
  readonly iterations: string;
  readonly statuses: string;
  readonly ready: string;
  readonly queued: string;
  readonly started: string;
  readonly ended: string;
  /** JSON. */
  readonly docs: string;
}

/**
 * Steps with the same path hold the same array. Pages follow the primary key; within one the order is that of time, as rows
 * are walked later: what lies together in memory is read much faster.
 */
export async function readAttempts(db: Queryable, schema: string, { bucket, no }: RowPlace): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  const pathOf = openPaths();
  for (let after: readonly [stepKey: string, attempt: number] = ['', -1]; ;) {
    const [page] = await db.query<Page>(pageOf(schema), [bucket, no, ...after]);
    if (page === undefined || page.count === 0) return attempts;
    addPage(attempts, page, pathOf);
    if (page.count < pageSize) return attempts;
    after = lastOf(attempts.slice(-page.count));
  }
}

function pageOf(schema: string): string {
  const times = (column: string, name: string): string => `string_agg(coalesce(p.${column}::text, ''), ',') AS ${name}`;
  return `SELECT count(*)::int AS count, string_agg(p.step_key, ',') AS step_keys, string_agg(p.attempt::text, ',') AS attempts,
      json_agg(p.step_id) AS step_ids, string_agg(p.path::text, E'\\n') AS paths, string_agg(p.iteration::text, ',') AS iterations,
      string_agg(p.status, ',') AS statuses, ${times('ready_ns', 'ready')}, ${times('queued_ns', 'queued')},
      ${times('start_ns', 'started')}, ${times('end_ns', 'ended')}, string_agg(p.doc, ',') AS docs
    FROM (SELECT * FROM (SELECT ${shownColumns} FROM ${schema}.attempts a
      WHERE a.bucket = $1 AND a.execution_no = $2 AND (a.step_key, a.attempt) > (decode($3, 'hex'), $4)
      ORDER BY a.bucket, a.execution_no, a.step_key, a.attempt LIMIT ${pageSize}) q ORDER BY coalesce(q.ready_ns, q.queued_ns, q.start_ns, q.end_ns)) p`;
}

/** The last by the primary key: keys are in hex, which sorts as bytes do. */
function lastOf(attempts: readonly Attempt[]): readonly [stepKey: string, attempt: number] {
  let last: readonly [string, number] = ['', -1];
  for (const { step, attempt } of attempts) {
    if (step.stepKey > last[0] || (step.stepKey === last[0] && attempt > last[1])) last = [step.stepKey, attempt];
  }
  return last;
}

function addPage(attempts: Attempt[], page: Page, pathOf: (text: string) => readonly string[]): void {
  const keys = page.step_keys.split(',');
  const numbers = page.attempts.split(',');
  const paths = page.paths.split('\n');
  const iterations = page.iterations.split(',');
  const statuses = page.statuses.split(',');
  const [ready, queued, started, ended] = [page.ready, page.queued, page.started, page.ended].map(nsOf);
  const docs = JSON.parse(`[${page.docs}]`) as Parameters<typeof attemptParts>[0][];
  docs.forEach((doc, i) => {
    const { span, name, kind, waits, dependsOn, resource, usage, error } = attemptParts(doc);
    attempts.push({
      step: {
        stepKey: keys[i] ?? '',
        stepId: page.step_ids[i] ?? '',
        path: pathOf(paths[i] ?? '[]'),
        iteration: Number(iterations[i]),
      },
      attempt: Number(numbers[i]),
      status: statuses[i] as StepStatus,
      readyNs: ready?.[i],
      queuedNs: queued?.[i],
      startNs: started?.[i],
      endNs: ended?.[i],
      span,
      name,
      kind,
      waits,
      dependsOn,
      resource,
      usage,
      error,
    });
  });
}

function nsOf(column: string): (bigint | undefined)[] {
  return column.split(',').map((text) => (text === '' ? undefined : BigInt(text)));
}

function openPaths(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    let path = known.get(text);
    if (path === undefined) known.set(text, (path = JSON.parse(text) as readonly string[]));
    return path;
  };
}
