import type { Chart } from './chart.ts';
import type { Detail } from './level-of-detail.ts';
import type { Template } from './text-column.ts';
import { usedByDrawn } from './used-by-drawn.ts';

type Column = Float64Array | Int32Array | Uint8Array;

/** A detail as columns that compress well: places in dictionaries, and distances where values grow. As picture.proto has them. */
export interface Columns {
  readonly templates: readonly Template[];
  readonly kinds: readonly string[];
  readonly statuses: readonly string[];
  readonly types: readonly StepType[];
  readonly places: readonly { readonly worker: string; readonly pool: string }[];
  readonly waitKinds: readonly string[];
  readonly reasons: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly rows: Readonly<
    Record<'type' | 'idNumber' | 'nameNumber' | 'status' | 'depth' | 'path' | 'iteration' | 'keyedBySpan', Column>
  >;
  readonly bars: Readonly<
    Record<'row' | 'attempt' | 'status' | 'at' | 'ready' | 'queued' | 'start' | 'end' | 'place' | 'flags' | 'critical', Column>
  >;
  readonly waits: Readonly<Record<'bar' | 'kind' | 'from' | 'to' | 'reason', Column>>;
  readonly dependencies: Readonly<Record<'perRow' | 'back', Column>>;
  readonly folds: Readonly<Record<'row' | 'steps' | 'failed' | 'critical', Column>>;
  readonly runs: Readonly<Record<'bar' | 'bars' | 'covered', Column>>;
  readonly usage: Readonly<Record<'bar' | 'cpu' | 'memory' | 'tokens' | 'cost', Column>>;
  readonly leftOutWaits: number;
  readonly leftOutDependencies: number;
}

/** What steps have in common that are called alike: places of templates (name -1: the step id) and kind. */
export interface StepType {
  readonly id: number;
  readonly name: number;
  readonly kind: number;
}

/** The columns of what is shown. O(what is shown + the chart's dictionaries). */
export function columnsOf(chart: Chart, detail: Detail): Columns {
  const { plan, bars: drawnBars } = detail;
  const { first } = plan;
  const texts = used(chart.templates, [pick(chart.rows.idTemplate, first), pick(chart.rows.nameTemplate, first)]);
  const [idTemplate = first, nameTemplate = first] = texts.columns;
  const kinds = used(chart.kinds, [pick(chart.rows.kind, first)]);
  const types = together([idTemplate, nameTemplate, kinds.columns[0] ?? first]);
  const statuses = used(chart.statuses, [Int32Array.from(detail.status), pick(chart.bars.status, drawnBars.bar)]);
  const paths = used(chart.paths, [pick(chart.rows.path, first)]);
  const workers = used(chart.workers, [pick(chart.bars.worker, drawnBars.bar)]);
  const pools = used(chart.pools, [pick(chart.bars.pool, drawnBars.bar)]);
  const places = together([workers.columns[0] ?? first, pools.columns[0] ?? first]);
  const { leftOut, ...dependencies } = dependenciesOf(chart, detail);
  const { anchors, ...times } = barTimes(chart, detail, releasedAfter(dependencies));
  const waits = waitsOf(chart, detail, anchors);
  const waitKinds = used(chart.waitKinds, [waits.kind]);
  const reasons = used(chart.reasons, [waits.reason]);
  const usage = usedByDrawn(chart.usage, drawnBars, chart.bars.row);
  return {
    templates: texts.words,
    kinds: kinds.words,
    statuses: statuses.words,
    types: types.groups.map(([id = 0, name = -1, kind = 0]) => ({ id, name, kind })),
    places: places.groups.map(([worker = 0, pool = 0]) => ({
      worker: workers.words[worker] ?? '',
      pool: pools.words[pool] ?? '',
    })),
    waitKinds: waitKinds.words,
    reasons: reasons.words,
    paths: paths.words,
    rows: {
      type: types.column,
      idNumber: distancesBy(types.column, pickFloats(chart.rows.idNumber, first), types.groups.length),
      nameNumber: distancesBy(types.column, pickFloats(chart.rows.nameNumber, first), types.groups.length),
      status: statuses.columns[0] ?? first,
      depth: pick(chart.rows.depth, first),
      path: paths.columns[0] ?? first,
      iteration: pick(chart.rows.iteration, first),
      keyedBySpan: pick(chart.rows.keyedBySpan, first),
    },
    bars: {
      row: distances(drawnBars.row),
      attempt: pick(chart.bars.attempt, drawnBars.bar),
      status: statuses.columns[1] ?? first,
      ...times,
      place: places.column,
      flags: pick(chart.bars.flags, drawnBars.bar),
      critical: pick(chart.bars.critical, drawnBars.bar),
    },
    waits: {
      bar: distances(waits.bar),
      kind: waitKinds.columns[0] ?? first,
      from: waits.from,
      to: waits.to,
      reason: reasons.columns[0] ?? first,
    },
    dependencies,
    folds: foldsOf(detail),
    runs: runsOf(detail),
    usage: { ...usage, bar: distances(usage.bar) },
    leftOutWaits: waits.leftOut,
    leftOutDependencies: leftOut,
  };
}

/** 16 bytes a drawn row. */
export function keysOf({ rows: { keys } }: Chart, { plan: { first } }: Detail): Uint8Array {
  const bytes = new Uint8Array(first.length * 16);
  first.forEach((row, drawn) => bytes.set(keys.subarray(row * 16, row * 16 + 16), drawn * 16));
  return bytes;
}

/** Times from stage to stage, and where each bar is anchored. */
function barTimes(chart: Chart, { bars: { row, bar, count, from, to, open } }: Detail, released: ReleasedAfter) {
  const n = bar.length;
  const anchors = new Float64Array(n);
  const at = new Float64Array(n);
  const stages = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)] as const;
  const own = [chart.bars.ready, chart.bars.queued, chart.bars.start, chart.bars.end] as const;
  let last = 0;
  for (let drawn = 0; drawn < n; drawn++) {
    const run = (count[drawn] ?? 1) > 1;
    const place = row[drawn] ?? 0;
    const begins = drawn === 0 || row[drawn - 1] !== place;
    // A bar of which no time is known is put where the next would be expected.
    last = begins ? released.base(place, last) : last;
    let before = Number.NaN;
    let end = Number.NaN;
    for (let stage = 0; stage < 4; stage++) {
      const value = run ? runTime(stage, from[drawn], open[drawn] === 1 ? undefined : to[drawn]) : own[stage]?.[bar[drawn] ?? 0];
      const time = value ?? Number.NaN;
      const column = stages[stage] ?? at;
      column[drawn] = Number.isNaN(before) && !Number.isNaN(time) ? 0 : time - before;
      if (stage === 3) end = time;
      if (Number.isNaN(time)) continue;
      if (Number.isNaN(before)) {
        at[drawn] = time - last;
        last = time;
      }
      before = time;
    }
    anchors[drawn] = last;
    released.ended(place, end);
  }
  const [ready, queued, start, end] = stages;
  return { anchors, at, ready, queued, start, end };
}

type ReleasedAfter = ReturnType<typeof releasedAfter>;

/** Where the first bar of a row is expected: at the last end of the rows above it that it waited for. */
function releasedAfter({ perRow, back }: { perRow: Int32Array; back: Int32Array }) {
  const lastEnd = new Float64Array(perRow.length).fill(Number.NaN);
  let next = 0;
  let reached = 0;
  return {
    /** For rows in ascending order. `otherwise` where it waited for none of which the end is known. */
    base(row: number, otherwise: number): number {
      for (; reached < row; reached++) next += perRow[reached] ?? 0;
      let base = Number.NaN;
      for (let i = next; i < next + (perRow[row] ?? 0); i++) {
        const distance = back[i] ?? 0;
        const end = distance > 0 ? (lastEnd[row - distance] ?? Number.NaN) : Number.NaN;
        if (Number.isNaN(base) || end > base) base = end;
      }
      return Number.isNaN(base) ? otherwise : base;
    },
    ended(row: number, end: number): void {
      lastEnd[row] = end;
    },
  };
}

function runTime(stage: number, from: number | undefined, to: number | undefined): number | undefined {
  return stage === 2 ? from : stage === 3 ? to : undefined;
}

/** Waits of bars that are drawn as they are, and at least a pixel long. */
function waitsOf(chart: Chart, { bars: { bar: of, count }, pixel }: Detail, anchors: Float64Array) {
  const bar: number[] = [];
  const places: number[] = [];
  let inside = 0;
  for (let drawn = 0; drawn < of.length; drawn++) {
    const b = of[drawn] ?? 0;
    const end = chart.bars.firstWait[b + 1] ?? 0;
    for (let wait = chart.bars.firstWait[b] ?? 0; wait < end; wait++) {
      inside++;
      const length = (chart.waits.to[wait] ?? 0) - (chart.waits.from[wait] ?? 0);
      const shown = Number.isNaN(length) ? Number.POSITIVE_INFINITY : length;
      if ((count[drawn] ?? 1) > 1 || shown < pixel) continue;
      bar.push(drawn);
      places.push(wait);
    }
  }
  return {
    bar: Int32Array.from(bar),
    kind: Int32Array.from(places, (wait) => chart.waits.kind[wait] ?? 0),
    from: Float64Array.from(places, (wait, i) => (chart.waits.from[wait] ?? 0) - (anchors[bar[i] ?? 0] ?? 0)),
    to: Float64Array.from(places, (wait) => (chart.waits.to[wait] ?? 0) - (chart.waits.from[wait] ?? 0)),
    reason: Int32Array.from(places, (wait) => chart.waits.reason[wait] ?? 0),
    leftOut: inside - places.length,
  };
}

/** Dependencies between rows that are drawn as themselves. */
function dependenciesOf(chart: Chart, { plan: { drawnAs, first, steps } }: Detail) {
  const perRow = new Int32Array(first.length);
  const back: number[] = [];
  let leftOut = 0;
  for (let row = 0; row < chart.rowCount; row++) {
    const drawn = drawnAs[row] ?? -1;
    if (drawn < 0) continue;
    const end = chart.rows.firstDependency[row + 1] ?? 0;
    for (let i = chart.rows.firstDependency[row] ?? 0; i < end; i++) {
      const on = chart.rows.dependencies[i] ?? -1;
      const other = on < 0 ? -1 : (drawnAs[on] ?? -1);
      if (other < 0 || (steps[drawn] ?? 0) > 0 || (steps[other] ?? 0) > 0) {
        leftOut++;
        continue;
      }
      perRow[drawn] = (perRow[drawn] ?? 0) + 1;
      back.push(drawn - other);
    }
  }
  return { perRow, back: Int32Array.from(back), leftOut };
}

function foldsOf({ plan: { steps }, failed, critical }: Detail): Columns['folds'] {
  const rows = placesAbove(steps, 0);
  return { row: distances(rows), steps: pick(steps, rows), failed: pick(failed, rows), critical: pick(critical, rows) };
}

function runsOf({ bars: { count, covered } }: Detail): Columns['runs'] {
  const bars = placesAbove(count, 1);
  return { bar: distances(bars), bars: pick(count, bars), covered: pickFloats(covered, bars) };
}

// Loops, not callbacks: these run over every row and bar of every answer.

function pick(column: Int32Array | Uint8Array, places: Int32Array): Int32Array {
  const picked = new Int32Array(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = column[places[i] ?? 0] ?? 0;
  return picked;
}

function pickFloats(column: Float64Array, places: Int32Array): Float64Array {
  const picked = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = column[places[i] ?? 0] ?? 0;
  return picked;
}

/** Where a column holds more than a number. */
function placesAbove(column: Int32Array, least: number): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < column.length; i++) if ((column[i] ?? 0) > least) places.push(i);
  return Int32Array.from(places);
}

/** Each number as its distance from the one before; the first from 0. */
function distances(column: Int32Array): Int32Array {
  const between = new Int32Array(column.length);
  let last = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? 0;
    between[i] = value - last;
    last = value;
  }
  return between;
}

/** Each number as its distance from the last one of the same type. */
function distancesBy(types: Int32Array, numbers: Float64Array, typeCount: number): Float64Array {
  const last = new Float64Array(typeCount);
  const between = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const type = types[i] ?? 0;
    const value = numbers[i] ?? 0;
    between[i] = value - (last[type] ?? 0);
    last[type] = value;
  }
  return between;
}

/** The words that columns use, and the columns with places in those. A place below 0 stands for no word and stays. */
function used<T>(words: readonly T[], columns: readonly Int32Array[]): { words: T[]; columns: Int32Array[] } {
  const places = new Int32Array(words.length).fill(-1);
  const kept: T[] = [];
  const mapped = columns.map((column) => {
    const mappedColumn = new Int32Array(column.length);
    for (let i = 0; i < column.length; i++) {
      const word = column[i] ?? -1;
      if (word >= 0 && places[word] === -1) {
        places[word] = kept.length;
        kept.push(words[word] as T);
      }
      mappedColumn[i] = word < 0 ? word : (places[word] ?? -1);
    }
    return mappedColumn;
  });
  return { columns: mapped, words: kept };
}

/** Values that come together: each distinct group once, and a column of places among them. Values are -1 or greater. */
function together(columns: readonly Int32Array[]): { column: Int32Array; groups: number[][] } {
  const [first = new Int32Array(0), ...rest] = columns;
  const column = first.map((value) => value + 1);
  let members = column;
  for (const next of rest) {
    // Pairs are numbered as they come, so that the numbers stay small however many columns there are.
    const greatest = next.reduce((most, value) => Math.max(most, value), 0) + 2;
    const numbers = new Map<number, number>();
    members = members.map((value, i) => {
      const pair = value * greatest + (next[i] ?? 0) + 1;
      const known = numbers.get(pair);
      if (known !== undefined) return known;
      numbers.set(pair, numbers.size);
      return numbers.size - 1;
    });
  }
  const groups: number[][] = [];
  members.forEach((group, i) => (groups[group] ??= columns.map((each) => each[i] ?? 0)));
  return { column: members, groups };
}
