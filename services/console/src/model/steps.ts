// The steps of one execution as columns: row r is a step, bar b one try of it, w a wait. Tries of a row and waits of a bar are chains, so that
// a change of the stream adds to the end of the columns and nothing moves. Times are ns after `originNs`; NaN is not known.
import type { Attempt, Wait } from './timeline.ts';

export interface Rows {
  count: number;
  type: Int32Array;
  idNumber: Float64Array;
  nameNumber: Float64Array;
  status: Uint8Array;
  /** -1 at the top. */
  parent: Int32Array;
  /** Place in `paths`; -1: the parent's path and its step id. */
  path: Int32Array;
  iteration: Int32Array;
  critical: Uint8Array;
  firstBar: Int32Array;
  lastBar: Int32Array;
  /** The first and last instant anything is known of; Infinity and -Infinity when nothing is. */
  first: Float64Array;
  last: Float64Array;
}

export interface Bars {
  count: number;
  row: Int32Array;
  next: Int32Array;
  attempt: Int32Array;
  status: Uint8Array;
  ready: Float64Array;
  queued: Float64Array;
  start: Float64Array;
  end: Float64Array;
  place: Int32Array;
  flags: Int32Array;
  critical: Uint8Array;
  firstWait: Int32Array;
  /** How many bars it stands for, and how much of its time any of them covers. */
  merged: Int32Array;
  covered: Float64Array;
}

export interface Waits {
  count: number;
  next: Int32Array;
  kind: Uint8Array;
  from: Float64Array;
  to: Float64Array;
  reason: Int32Array;
}

/** What bars used, 0 where nothing is told: seconds of CPU, bytes at the most, tokens, USD. */
export interface Usage {
  readonly cpu: Float64Array;
  readonly memory: Float64Array;
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
}

/** What a row stands for where the server folded steps into one. */
export interface ServerFold {
  steps: number;
  failed: number;
  critical: number;
}

export interface Detail {
  whole: boolean;
  steps: number;
  note: string;
}

/** A text, or what stands before and after a number of at least so many digits. */
export type Template = string | readonly [before: string, digits: number, after: string];

export interface Steps {
  readonly originNs: bigint;
  asOfNs: number;
  endNs: number;
  readonly templates: Template[];
  readonly types: (readonly [id: number, name: number, kind: number])[];
  readonly kinds: string[];
  readonly statuses: string[];
  readonly places: (readonly [worker: string, pool: string])[];
  readonly waitKinds: string[];
  readonly reasons: string[];
  readonly flags: string[];
  readonly paths: (readonly string[])[];
  /** Keys that do not follow from path, id and iteration. */
  readonly keys: Map<number, string>;
  readonly rows: Rows;
  readonly bars: Bars;
  readonly waits: Waits;
  /** What bars used; absent where none tells of it. */
  usage: Usage | undefined;
  /** What row r waited for: `dependsOn[dependsFrom[r] …]`; rows of the stream have theirs in `laterDepends`. */
  dependsFrom: Int32Array;
  dependsOn: Int32Array;
  readonly laterDepends: Map<number, readonly number[]>;
  readonly folds: Map<number, ServerFold>;
  readonly detail: Detail;
  /** Whether any key needs `keys=1`. */
  readonly keyedBySpan: boolean;
}

export const emptyRows = (n: number): Rows => ({
  count: n,
  type: new Int32Array(n),
  idNumber: new Float64Array(n),
  nameNumber: new Float64Array(n),
  status: new Uint8Array(n),
  parent: new Int32Array(n).fill(-1),
  path: new Int32Array(n),
  iteration: new Int32Array(n),
  critical: new Uint8Array(n),
  firstBar: new Int32Array(n).fill(-1),
  lastBar: new Int32Array(n).fill(-1),
  first: new Float64Array(n).fill(Infinity),
  last: new Float64Array(n).fill(-Infinity),
});

export const emptyBars = (n: number): Bars => ({
  count: n,
  row: new Int32Array(n),
  next: new Int32Array(n).fill(-1),
  attempt: new Int32Array(n),
  status: new Uint8Array(n),
  ready: new Float64Array(n).fill(NaN),
  queued: new Float64Array(n).fill(NaN),
  start: new Float64Array(n).fill(NaN),
  end: new Float64Array(n).fill(NaN),
  place: new Int32Array(n),
  flags: new Int32Array(n),
  critical: new Uint8Array(n),
  firstWait: new Int32Array(n).fill(-1),
  merged: new Int32Array(n).fill(1),
  covered: new Float64Array(n).fill(NaN),
});

export const emptyWaits = (n: number): Waits => ({
  count: n,
  next: new Int32Array(n).fill(-1),
  kind: new Uint8Array(n),
  from: new Float64Array(n),
  to: new Float64Array(n),
  reason: new Int32Array(n),
});

export const emptyUsage = (n: number): Usage => ({
  cpu: new Float64Array(n),
  memory: new Float64Array(n),
  tokens: new Float64Array(n),
  cost: new Float64Array(n),
});

const textOf = (template: Template | undefined, number: number): string => {
  if (template === undefined) return '';
  if (typeof template === 'string') return template;
  return template[0] + String(number).padStart(template[1], '0') + template[2];
};

export function stepIdOf({ rows, types, templates }: Steps, row: number): string {
  return textOf(templates[types[rows.type[row] ?? 0]?.[0] ?? -1], rows.idNumber[row] ?? 0);
}

export function nameOf(steps: Steps, row: number): string {
  const { rows, types, templates } = steps;
  const name = types[rows.type[row] ?? 0]?.[1] ?? -1;
  return name < 0 ? stepIdOf(steps, row) : textOf(templates[name], rows.nameNumber[row] ?? 0) || stepIdOf(steps, row);
}

/** The name all of a type share, its number as `#`. */
export function typeName({ types, templates }: Steps, type: number): string {
  const [id = -1, name = -1] = types[type] ?? [];
  const template = templates[name < 0 ? id : name];
  return template === undefined ? '' : typeof template === 'string' ? template : `${template[0]}#${template[2]}`;
}

export const kindOf = ({ rows, types, kinds }: Steps, row: number): string => kinds[types[rows.type[row] ?? 0]?.[2] ?? -1] ?? '';
export const statusOf = ({ rows, statuses }: Steps, row: number): string => statuses[rows.status[row] ?? 0] ?? 'unknown';

export function pathOf(steps: Steps, row: number): readonly string[] {
  const at = steps.rows.path[row] ?? 0;
  if (at >= 0) return steps.paths[at] ?? [];
  const parent = steps.rows.parent[row] ?? -1;
  return parent < 0 ? [] : [...pathOf(steps, parent), stepIdOf(steps, parent)];
}

/** Calls with each row that `row` waited for. */
export function eachDependency(steps: Steps, row: number, visit: (on: number) => void): void {
  const later = steps.laterDepends.get(row);
  if (later !== undefined) {
    later.forEach(visit);
    return;
  }
  if (row + 1 >= steps.dependsFrom.length) return;
  for (let at = steps.dependsFrom[row] ?? 0; at < (steps.dependsFrom[row + 1] ?? 0); at++) visit(steps.dependsOn[at] ?? 0);
}

const known = (ns: number | undefined): number | undefined => (ns === undefined || Number.isNaN(ns) ? undefined : ns);

/** One try as an object, for the few that are drawn or told. */
export function attemptOf(steps: Steps, bar: number): Attempt {
  const { bars, waits } = steps;
  const own: Wait[] = [];
  for (let wait = bars.firstWait[bar] ?? -1; wait >= 0; wait = waits.next[wait] ?? -1) {
    own.push({
      kind: steps.waitKinds[waits.kind[wait] ?? 0] ?? 'unknown',
      fromNs: waits.from[wait] ?? 0,
      toNs: known(waits.to[wait]),
      reason: steps.reasons[waits.reason[wait] ?? 0] ?? '',
    });
  }
  const [worker = '', pool = ''] = steps.places[bars.place[bar] ?? 0] ?? [];
  const bits = bars.flags[bar] ?? 0;
  return {
    attempt: bars.attempt[bar] ?? 1,
    status: steps.statuses[bars.status[bar] ?? 0] ?? 'unknown',
    readyNs: known(bars.ready[bar]),
    queuedNs: known(bars.queued[bar]),
    startNs: known(bars.start[bar]),
    endNs: known(bars.end[bar]),
    waits: own,
    worker,
    pool,
    error: undefined,
    flags: bits === 0 ? [] : steps.flags.filter((_, at) => (bits & (1 << at)) !== 0),
    usage: undefined,
  };
}

export function attemptsOf(steps: Steps, row: number): Attempt[] {
  const attempts: Attempt[] = [];
  for (let bar = steps.rows.firstBar[row] ?? -1; bar >= 0; bar = steps.bars.next[bar] ?? -1) attempts.push(attemptOf(steps, bar));
  return attempts;
}

/** Sums of a step in ns, open ends counted to `nowNs`: its work and its waiting, all tries together. */
export function timesOf({ rows, bars, waits }: Steps, row: number, nowNs: number): { ranNs: number; waitedNs: number } {
  let [ranNs, waitedNs] = [0, 0];
  for (let bar = rows.firstBar[row] ?? -1; bar >= 0; bar = bars.next[bar] ?? -1) {
    const [start, end] = [bars.start[bar] ?? NaN, bars.end[bar] ?? NaN];
    const queued = Number.isNaN(bars.ready[bar] ?? NaN) ? (bars.queued[bar] ?? NaN) : (bars.ready[bar] ?? NaN);
    const till = Number.isNaN(end) ? nowNs : end;
    if (!Number.isNaN(start)) ranNs += Math.max(0, till - start);
    if (!Number.isNaN(queued)) waitedNs += Math.max(0, (Number.isNaN(start) ? till : start) - queued);
    for (let wait = bars.firstWait[bar] ?? -1; wait >= 0; wait = waits.next[wait] ?? -1) {
      const [from, to] = [waits.from[wait] ?? 0, waits.to[wait] ?? NaN];
      const within = Number.isNaN(start)
        ? 0
        : Math.max(0, (Number.isNaN(to) ? till : Math.min(to, till)) - Math.max(from, start));
      ranNs -= within;
      waitedNs += within;
    }
  }
  return { ranNs: Math.max(0, ranNs), waitedNs };
}

/** Widens the first and last instant of a bar's row by what the bar knows. */
export function widen({ rows, bars, waits }: Steps, bar: number): void {
  const row = bars.row[bar] ?? 0;
  let [first, last] = [rows.first[row] ?? Infinity, rows.last[row] ?? -Infinity];
  const see = (ns: number): void => {
    if (ns < first) first = ns;
    if (ns > last) last = ns;
  };
  see(bars.ready[bar] ?? NaN);
  see(bars.queued[bar] ?? NaN);
  see(bars.start[bar] ?? NaN);
  see(bars.end[bar] ?? NaN);
  for (let wait = bars.firstWait[bar] ?? -1; wait >= 0; wait = waits.next[wait] ?? -1) {
    see(waits.from[wait] ?? NaN);
    see(waits.to[wait] ?? NaN);
  }
  rows.first[row] = first;
  rows.last[row] = last;
}
