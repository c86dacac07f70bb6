// Reads the timeline's columns (`application/vnd.tmws.timeline.columns+json`) as the OpenAPI document describes them.
import type { ExecutionJson } from '@tmws/contracts/timeline';
import { inOneGo, type InParts } from './in-parts.ts';
import {
  type Bars,
  emptyBars,
  emptyRows,
  emptyUsage,
  emptyWaits,
  type Rows,
  type Steps,
  type Template,
  type Usage,
  type Waits,
  widen,
} from './steps.ts';

export const columnsType = 'application/vnd.tmws.timeline.columns+json';

type Column = readonly (number | null)[];
type Table = Readonly<Record<string, Column>> & { readonly count: number };

export interface ColumnsJson {
  readonly execution?: ExecutionJson;
  readonly asOfNs: string;
  readonly startNs: string;
  readonly endNs: string;
  readonly unitNs: string;
  readonly templates: Template[];
  readonly kinds: string[];
  readonly statuses: string[];
  readonly types: (readonly [number, number, number])[];
  readonly places: (readonly [string, string])[];
  readonly waitKinds: string[];
  readonly reasons: string[];
  readonly flags: string[];
  readonly paths: string[][];
  readonly rows: Table & { readonly keys?: readonly string[] };
  readonly bars: Table;
  readonly waits: Table;
  readonly dependencies: Table;
  readonly folds: Table;
  readonly runs: Table;
  readonly usage?: Table;
  readonly detail: { readonly whole: boolean; readonly steps: number; readonly note: string };
}

const none: Column = [];
const column = (table: Table, name: string): Column => table[name] ?? none;

/** @param origin  the instant times count from: that of an earlier answer of the same execution, or this one's start */
export const readColumns = (json: ColumnsJson, origin?: bigint): Steps => inOneGo(columnsInParts(json, origin));

/** The same in parts: of 100,000 steps it is a tenth of a second in all. */
export function* columnsInParts(json: ColumnsJson, origin?: bigint): InParts<Steps> {
  const startNs = BigInt(json.startNs) || BigInt(json.asOfNs);
  const originNs = origin ?? startNs;
  const shift = Number(startNs - originNs);
  const unit = Number(json.unitNs);
  const dependencies = readDependencies(json, json.rows.count);
  yield;
  const { bars, anchors } = readBars(json, dependencies, shift, unit);
  yield;
  const waits = readWaits(json, bars, anchors, shift, unit);
  yield;
  const rows = readRows(json);
  yield;
  const keyed = json.rows.keys !== undefined;
  const spans = column(json.rows, 'keyedBySpan');
  const keys = new Map<number, string>();
  let keyedBySpan = false;
  for (let row = 0; row < rows.count; row++) {
    if (spans[row] !== 1) continue;
    keyedBySpan = true;
    if (keyed) keys.set(row, json.rows.keys[row] ?? '');
  }
  const steps: Steps = {
    originNs,
    asOfNs: Number(BigInt(json.asOfNs) - originNs),
    endNs: json.endNs === '0' ? 0 : Number(BigInt(json.endNs) - originNs),
    templates: json.templates,
    types: json.types,
    kinds: json.kinds,
    statuses: json.statuses,
    places: json.places,
    waitKinds: json.waitKinds,
    reasons: json.reasons,
    flags: json.flags,
    paths: json.paths,
    keys,
    rows,
    bars,
    waits,
    usage: readUsage(json),
    ...dependencies,
    laterDepends: new Map(),
    folds: readFolds(json),
    detail: json.detail,
    keyedBySpan,
  };
  yield;
  chain(steps);
  return steps;
}

function readRows({ rows: table, types }: ColumnsJson): Rows {
  const n = table.count;
  const rows = emptyRows(n);
  const [type, id, name] = [column(table, 'type'), column(table, 'idNumber'), column(table, 'nameNumber')];
  const [status, depth, path, iteration] = [
    column(table, 'status'),
    column(table, 'depth'),
    column(table, 'path'),
    column(table, 'iteration'),
  ];
  const lastId = new Float64Array(types.length);
  const lastName = new Float64Array(types.length);
  const above: number[] = [];
  for (let row = 0; row < n; row++) {
    const of = type[row] ?? 0;
    rows.type[row] = of;
    rows.idNumber[row] = lastId[of] = (lastId[of] ?? 0) + (id[row] ?? 0);
    rows.nameNumber[row] = lastName[of] = (lastName[of] ?? 0) + (name[row] ?? 0);
    rows.status[row] = status[row] ?? 0;
    rows.path[row] = path[row] ?? 0;
    rows.iteration[row] = iteration[row] ?? 0;
    const level = depth[row] ?? 0;
    rows.parent[row] = level === 0 ? -1 : (above[level - 1] ?? -1);
    above[level] = row;
  }
  return rows;
}

/** Bars, and the anchor of each in units, which waits count from. */
function readBars(
  { bars: table, runs, rows }: ColumnsJson,
  depends: Depends,
  shift: number,
  unit: number,
): { bars: Bars; anchors: Float64Array } {
  const n = table.count;
  const bars = emptyBars(n);
  const anchors = new Float64Array(n);
  const [row, attempt, status, at] = ['row', 'attempt', 'status', 'at'].map((name) => column(table, name)) as Column4;
  const [ready, queued, start, end] = ['ready', 'queued', 'start', 'end'].map((name) => column(table, name)) as Column4;
  const [place, flags, critical] = ['place', 'flags', 'critical'].map((name) => column(table, name)) as Column4;
  /** Where the last bar of a row ends, in units. */
  const ends = new Float64Array(rows.count).fill(NaN);
  let [ofRow, anchor] = [-1, 0];
  for (let bar = 0; bar < n; bar++) {
    const before = ofRow;
    ofRow = Math.max(0, ofRow) + (row[bar] ?? 0);
    if (ofRow !== before) anchor = expected(depends, ends, ofRow) ?? anchor;
    anchor += at[bar] ?? 0;
    bars.row[bar] = ofRow;
    bars.attempt[bar] = attempt[bar] ?? 1;
    bars.status[bar] = status[bar] ?? 0;
    let last = anchor;
    const next = (distance: number | null | undefined): number => {
      if (distance === null || distance === undefined) return NaN;
      last += distance;
      return last * unit + shift;
    };
    bars.ready[bar] = next(ready[bar]);
    bars.queued[bar] = next(queued[bar]);
    bars.start[bar] = next(start[bar]);
    bars.end[bar] = next(end[bar]);
    ends[ofRow] = Number.isNaN(bars.end[bar] ?? NaN) ? NaN : last;
    bars.place[bar] = place[bar] ?? 0;
    bars.flags[bar] = flags[bar] ?? 0;
    bars.critical[bar] = critical[bar] ?? 0;
    anchors[bar] = anchor;
  }
  const [runBar, count, covered] = ['bar', 'bars', 'covered'].map((name) => column(runs, name)) as Column4;
  let of = 0;
  for (let run = 0; run < runs.count; run++) {
    of += runBar[run] ?? 0;
    bars.merged[of] = count[run] ?? 1;
    bars.covered[of] = (covered[run] ?? 0) * unit;
  }
  return { bars, anchors };
}
type Column4 = [Column, Column, Column, Column];

function readWaits({ waits: table }: ColumnsJson, bars: Bars, anchors: Float64Array, shift: number, unit: number): Waits {
  const n = table.count;
  const waits = emptyWaits(n);
  const [bar, kind, from, to] = ['bar', 'kind', 'from', 'to'].map((name) => column(table, name)) as Column4;
  const reason = column(table, 'reason');
  const tail = new Int32Array(bars.count).fill(-1);
  let of = 0;
  for (let wait = 0; wait < n; wait++) {
    of += bar[wait] ?? 0;
    const begin = (anchors[of] ?? 0) + (from[wait] ?? 0);
    const length = to[wait];
    waits.kind[wait] = kind[wait] ?? 0;
    waits.from[wait] = begin * unit + shift;
    waits.to[wait] = length === null || length === undefined ? NaN : (begin + length) * unit + shift;
    waits.reason[wait] = reason[wait] ?? 0;
    const before = tail[of] ?? -1;
    if (before < 0) bars.firstWait[of] = wait;
    else waits.next[before] = wait;
    tail[of] = wait;
  }
  return waits;
}

type Depends = Pick<Steps, 'dependsFrom' | 'dependsOn'>;

/** When what a row waited for had ended, as far as that stands above it: there its first bar is expected. */
function expected({ dependsFrom, dependsOn }: Depends, ends: Float64Array, row: number): number | undefined {
  let latest: number | undefined;
  for (let at = dependsFrom[row] ?? 0; at < (dependsFrom[row + 1] ?? 0); at++) {
    const on = dependsOn[at] ?? 0;
    const end = on < row ? (ends[on] ?? NaN) : NaN;
    if (end > (latest ?? -Infinity)) latest = end;
  }
  return latest;
}

function readDependencies({ dependencies }: ColumnsJson, rows: number): Depends {
  const [perRow, back] = [column(dependencies, 'perRow'), column(dependencies, 'back')];
  const dependsFrom = new Int32Array(rows + 1);
  const dependsOn = new Int32Array(back.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    dependsFrom[row] = at;
    const till = at + (perRow[row] ?? 0);
    for (; at < till; at++) dependsOn[at] = row - (back[at] ?? 0);
  }
  dependsFrom[rows] = at;
  return { dependsFrom, dependsOn };
}

/** They come in µs, KiB, tokens and 10⁻⁹ USD. */
function readUsage({ usage: table, bars }: ColumnsJson): Usage | undefined {
  if (table === undefined) return undefined;
  const usage = emptyUsage(bars.count);
  const bar = column(table, 'bar');
  const [cpu, memory, tokens, cost] = ['cpu', 'memory', 'tokens', 'cost'].map((name) => column(table, name)) as Column4;
  let of = 0;
  for (let i = 0; i < table.count; i++) {
    of += bar[i] ?? 0;
    usage.cpu[of] = (cpu[i] ?? 0) / 1e6;
    usage.memory[of] = (memory[i] ?? 0) * 1_024;
    usage.tokens[of] = tokens[i] ?? 0;
    usage.cost[of] = (cost[i] ?? 0) / 1e9;
  }
  return usage;
}

function readFolds({ folds }: ColumnsJson): Steps['folds'] {
  const [row, steps, failed, critical] = ['row', 'steps', 'failed', 'critical'].map((name) => column(folds, name)) as Column4;
  const found: Steps['folds'] = new Map();
  let of = 0;
  for (let fold = 0; fold < folds.count; fold++) {
    of += row[fold] ?? 0;
    found.set(of, { steps: steps[fold] ?? 0, failed: failed[fold] ?? 0, critical: critical[fold] ?? 0 });
  }
  return found;
}

/** Ties the bars of each row together and says what they tell of it. */
function chain(steps: Steps): void {
  const { rows, bars } = steps;
  for (let bar = 0; bar < bars.count; bar++) {
    const row = bars.row[bar] ?? 0;
    const before = rows.lastBar[row] ?? -1;
    if (before < 0) rows.firstBar[row] = bar;
    else bars.next[before] = bar;
    rows.lastBar[row] = bar;
    if (bars.critical[bar] === 1) rows.critical[row] = 1;
    widen(steps, bar);
  }
}
