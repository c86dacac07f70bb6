import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetColumnsResponseSchema, NumbersSchema } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import { barFlags, type Chart } from '../domain/chart/chart.ts';
import { type Columns, columnsOf, keysOf } from '../domain/chart/columns.ts';
import type { Detail } from '../domain/chart/level-of-detail.ts';
import { spanAt } from '../usecases/look-at-execution.ts';
import { type Picture, tagOf } from '../usecases/look-at-picture.ts';
import { executionMessage } from './messages.ts';

/** tmws.timeline.v1.GetColumnsResponse */
export function columnsMessage(picture: Picture, keys: boolean): MessageInitShape<typeof GetColumnsResponseSchema> {
  const { view, detail } = picture;
  const { record, chart, asOfNs } = view;
  const span = spanAt(record, asOfNs);
  const columns = columnsOf(chart, detail);
  const { rows, bars, waits, dependencies, folds, runs, usage, templates, paths, ...dictionaries } = columns;
  return {
    tag: tagOf(view),
    execution: executionMessage(record, span),
    asOfNs,
    startNs: chart.startNs,
    endNs: span !== undefined && span.endNs > chart.endNs ? span.endNs : chart.endNs,
    unitNs: chart.unitNs,
    rounded: chart.rounded,
    templates: templates.map(({ before, digits, after }) => (digits === undefined ? { before } : { before, digits, after })),
    kinds: [...dictionaries.kinds],
    statuses: [...dictionaries.statuses],
    types: dictionaries.types.map((type) => ({ ...type })),
    places: dictionaries.places.map((place) => ({ ...place })),
    waitKinds: [...dictionaries.waitKinds],
    reasons: [...dictionaries.reasons],
    flags: [...barFlags],
    paths: paths.map((segments) => ({ segments: [...segments] })),
    rows: { count: rows.type.length, ...numbersOf(rows), ...(keys && { keys: keysOf(chart, detail) }) },
    bars: { count: bars.row.length, ...numbersOf(bars) },
    waits: { count: waits.bar.length, ...numbersOf(waits) },
    dependencies: { count: dependencies.back.length, ...numbersOf(dependencies) },
    folds: { count: folds.row.length, ...numbersOf(folds) },
    runs: { count: runs.bar.length, ...numbersOf(runs) },
    detail: detailMessage(chart, detail, columns),
    ...(usage.bar.length > 0 && { usage: { count: usage.bar.length, ...numbersOf(usage) } }),
  };
}

function detailMessage(chart: Chart, detail: Detail, { leftOutWaits, leftOutDependencies }: Columns) {
  const { steps, barsInside, folded, merged, pixel } = detail;
  const pixelNs = BigInt(Math.ceil(pixel)) * chart.unitNs;
  const whole = folded === 0 && merged === 0 && leftOutWaits === 0;
  return {
    whole,
    steps,
    bars: barsInside,
    foldedSteps: folded,
    mergedBars: merged,
    pixelNs: pixel === 0 ? 0n : pixelNs,
    leftOutWaits,
    leftOutDependencies,
    note: whole ? '' : detailNote(detail, Number(pixelNs)),
  };
}

/** In words what was left out, and how to see it. */
export function detailNote({ plan, folded, merged, steps }: Detail, pixelNs: number): string {
  const said: string[] = [];
  if (folded > 0) {
    const rows = plan.steps.filter((inside) => inside > 0).length;
    said.push(`${count(folded)} of ${count(steps)} steps are folded into ${count(rows)} ${rows === 1 ? 'row' : 'rows'}`);
  }
  if (merged > 0) said.push(`${count(merged)} bars are merged where they lie less than ${formatDuration(pixelNs)} apart`);
  if (said.length === 0) said.push(`waits shorter than ${formatDuration(pixelNs)} are left out`);
  return `${said.join('; ')}; a narrower window shows more`;
}

const count = (n: number): string => n.toLocaleString('en');

type NumbersMessage = MessageInitShape<typeof NumbersSchema>;

function numbersOf<K extends string>(
  columns: Readonly<Record<K, Float64Array | Int32Array | Uint8Array>>,
): Record<K, NumbersMessage> {
  return Object.fromEntries(
    Object.entries<Float64Array | Int32Array | Uint8Array>(columns).map(([name, column]) => [name, numbers(column)]),
  ) as Record<K, NumbersMessage>;
}

/** The column in the narrowest form that holds it. */
function numbers(column: Float64Array | Int32Array | Uint8Array): NumbersMessage {
  let least = 0;
  let most = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? 0;
    if (value < least) least = value;
    else if (value > most) most = value;
    // NaN has no place but among floats.
    else if (Number.isNaN(value)) most = Number.POSITIVE_INFINITY;
  }
  if (least >= 0 && most <= 0xff) return { form: { case: 'uint8', value: new Uint8Array(column) } };
  if (least >= -0x80000000 && most <= 0x7fffffff) {
    return { form: { case: 'int32', value: bytesOf(column instanceof Int32Array ? column : new Int32Array(column)) } };
  }
  return { form: { case: 'float64', value: bytesOf(column instanceof Float64Array ? column : new Float64Array(column)) } };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
