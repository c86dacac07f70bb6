// Columns read as any client would read them, from their description in the OpenAPI document.
import { strict as assert } from 'node:assert';

type Numbers = readonly (number | null)[];
type Table = Readonly<Record<string, Numbers>> & { readonly count: number };

export interface Columns {
  readonly startNs: string;
  readonly unitNs: string;
  readonly templates: readonly (string | readonly [string, number, string])[];
  readonly kinds: readonly string[];
  readonly statuses: readonly string[];
  readonly types: readonly (readonly [id: number, name: number, kind: number])[];
  readonly places: readonly (readonly [worker: string, pool: string])[];
  readonly waitKinds: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly rows: Table & { readonly keys: readonly string[] };
  readonly bars: Table;
  readonly waits: Table;
  readonly dependencies: Table;
  readonly detail: { readonly whole: boolean; readonly steps: number; readonly note: string };
}

export interface Row {
  readonly stepKey: string;
  readonly stepId: string;
  readonly name: string;
  readonly kind: string;
  readonly path: readonly string[];
  readonly parentStepKey: string;
  readonly depth: number;
  readonly status: string;
  readonly critical: boolean;
  readonly dependsOn: readonly string[];
  readonly attempts: readonly {
    readonly attempt: number;
    readonly status: string;
    readonly readyNs?: string;
    readonly queuedNs?: string;
    readonly startNs?: string;
    readonly endNs?: string;
    readonly worker: string;
    readonly pool: string;
    readonly waits: readonly { readonly kind: string; readonly fromNs: string; readonly toNs?: string }[];
  }[];
}

/** Compares columns (with keys) with the rows of the same timeline as JSON. @throws AssertionError at the first that differs */
export function assertSameTimeline(columns: Columns, rows: readonly Row[]): void {
  const read = rowsOf(columns);
  assert.equal(read.length, rows.length);
  rows.forEach((row, i) => {
    const { stepKey, stepId, name, kind, path, parentStepKey, depth, status, critical, dependsOn, attempts } = row;
    const bars = attempts.map(({ attempt, status: of, readyNs, queuedNs, startNs, endNs, worker, pool, waits }) => ({
      attempt,
      status: of,
      readyNs,
      queuedNs,
      startNs,
      endNs,
      worker,
      pool,
      waits: waits.map(({ kind: of, fromNs, toNs }) => ({ kind: of, fromNs, toNs })),
    }));
    const expected = { stepKey, stepId, name, kind, path, parentStepKey, depth, status, critical, dependsOn, attempts: bars };
    assert.deepEqual(read[i], expected);
  });
}

function rowsOf(columns: Columns) {
  const { rows, bars, waits, dependencies, startNs, unitNs, templates } = columns;
  const number = (table: Table, name: string, i: number): number => table[name]?.[i] ?? Number.NaN;
  const ns = (units: number): string | undefined =>
    Number.isNaN(units) ? undefined : String(BigInt(startNs) + BigInt(units) * BigInt(unitNs));
  const texts = (of: 0 | 1, distance: string): (string | undefined)[] => {
    const last = new Map<number, number>();
    return Array.from({ length: rows.count }, (_, row) => {
      const type = number(rows, 'type', row);
      const value = (last.get(type) ?? 0) + number(rows, distance, row);
      last.set(type, value);
      const template = templates[columns.types[type]?.[of] ?? -1];
      if (template === undefined || typeof template === 'string') return template;
      return `${template[0]}${String(value).padStart(template[1], '0')}${template[2]}`;
    });
  };
  const ids = texts(0, 'idNumber');
  const names = texts(1, 'nameNumber');

  const waitsOf = new Map<number, number[]>();
  let bar = 0;
  for (let wait = 0; wait < waits.count; wait++) {
    bar += number(waits, 'bar', wait);
    waitsOf.set(bar, [...(waitsOf.get(bar) ?? []), wait]);
  }
  const dependsOn: number[][] = [];
  for (let place = 0, next = 0; place < rows.count; place++) {
    const count = number(dependencies, 'perRow', place);
    dependsOn.push(Array.from({ length: count }, () => place - number(dependencies, 'back', next++)));
  }
  const barsOf = new Map<number, (Row['attempts'][number] & { critical: boolean })[]>();
  const lastEnd = new Map<number, number>();
  let row = 0;
  let at = 0;
  for (let i = 0; i < bars.count; i++) {
    row += number(bars, 'row', i);
    if (!barsOf.has(row)) {
      const ends = (dependsOn[row] ?? []).filter((other) => other < row).map((other) => lastEnd.get(other) ?? Number.NaN);
      const known = ends.filter((end) => !Number.isNaN(end));
      if (known.length > 0) at = Math.max(...known);
    }
    at += number(bars, 'at', i);
    let before = at;
    const stage = (name: string): string | undefined => {
      const distance = number(bars, name, i);
      if (Number.isNaN(distance)) return undefined;
      before += distance;
      if (name === 'end') lastEnd.set(row, before);
      return ns(before);
    };
    lastEnd.delete(row);
    const place = columns.places[number(bars, 'place', i)];
    const one = {
      attempt: number(bars, 'attempt', i),
      status: columns.statuses[number(bars, 'status', i)] ?? '',
      readyNs: stage('ready'),
      queuedNs: stage('queued'),
      startNs: stage('start'),
      endNs: stage('end'),
      worker: place?.[0] ?? '',
      pool: place?.[1] ?? '',
      waits: (waitsOf.get(i) ?? []).map((wait) => {
        const from = at + number(waits, 'from', wait);
        return {
          kind: columns.waitKinds[number(waits, 'kind', wait)] ?? '',
          fromNs: ns(from),
          toNs: ns(from + number(waits, 'to', wait)),
        };
      }),
      critical: number(bars, 'critical', i) === 1,
    };
    const known = barsOf.get(row);
    if (known === undefined) barsOf.set(row, [one as never]);
    else known.push(one as never);
  }

  const above: number[] = [];
  const paths: (readonly string[])[] = [];
  return Array.from({ length: rows.count }, (_, place) => {
    const depth = number(rows, 'depth', place);
    above[depth] = place;
    const parent = depth === 0 ? undefined : above[depth - 1];
    const told = columns.paths[number(rows, 'path', place)];
    const path = told ?? (parent === undefined ? [] : [...(paths[parent] ?? []), ids[parent] ?? '']);
    paths.push(path);
    const own = barsOf.get(place) ?? [];
    return {
      stepKey: rows.keys[place] ?? '',
      stepId: ids[place] ?? '',
      name: names[place] ?? ids[place] ?? '',
      kind: columns.kinds[columns.types[number(rows, 'type', place)]?.[2] ?? -1] ?? '',
      path,
      parentStepKey: parent === undefined ? '' : (rows.keys[parent] ?? ''),
      depth,
      status: columns.statuses[number(rows, 'status', place)] ?? '',
      critical: own.some(({ critical }) => critical),
      dependsOn: (dependsOn[place] ?? []).map((other) => rows.keys[other] ?? ''),
      attempts: own.map(({ critical: _critical, ...rest }) => rest),
    };
  });
}
