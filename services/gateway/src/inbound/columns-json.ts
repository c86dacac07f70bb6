import { toJson } from '@bufbuild/protobuf';
import { ExecutionSchema, type GetColumnsResponse, type Numbers } from '@tmws/contracts';
import type { ColumnsJson } from './schemas/columns.ts';

/** The columns as JSON text. */
export function columnsText(answer: GetColumnsResponse): string {
  const { execution, rows, bars, waits, dependencies, folds, runs, usage, detail } = answer;
  if (rows === undefined || bars === undefined || detail === undefined) throw new Error('the answer has no columns');
  const { keys, ...rowColumns } = rows;
  const json: ColumnsJson = {
    ...(execution !== undefined && {
      execution: toJson(ExecutionSchema, execution, { alwaysEmitImplicit: true }) as ColumnsJson['execution'],
    }),
    asOfNs: String(answer.asOfNs),
    startNs: String(answer.startNs),
    endNs: String(answer.endNs),
    unitNs: String(answer.unitNs),
    rounded: answer.rounded,
    templates: answer.templates.map(({ before, digits, after }) => (digits === undefined ? before : [before, digits, after])),
    kinds: answer.kinds,
    statuses: answer.statuses,
    types: answer.types.map(({ id, name, kind }) => [id, name, kind]),
    places: answer.places.map(({ worker, pool }) => [worker, pool]),
    waitKinds: answer.waitKinds,
    reasons: answer.reasons,
    flags: answer.flags,
    paths: answer.paths.map(({ segments }) => segments),
    rows: {
      ...table(rowColumns),
      ...(keys.length > 0 && { keys: keysOf(keys, arrayOf(rows.keyedBySpan)) }),
    },
    bars: table(bars),
    waits: table(waits),
    dependencies: table(dependencies),
    folds: table(folds),
    runs: table(runs),
    ...(usage !== undefined && { usage: table(usage) }),
    detail: {
      whole: detail.whole,
      steps: detail.steps,
      bars: detail.bars,
      foldedSteps: detail.foldedSteps,
      mergedBars: detail.mergedBars,
      pixelNs: String(detail.pixelNs),
      leftOutWaits: detail.leftOutWaits,
      leftOutDependencies: detail.leftOutDependencies,
      note: detail.note,
    },
  };
  return JSON.stringify(json);
}

type Table<T> = { [K in keyof T as T[K] extends Numbers | undefined ? K : never]: number[] } & { count: number };

/** Each column as an array. JSON has no NaN: it becomes null. */
function table<T extends { readonly count: number }>(columns: T | undefined): Table<Required<T>> {
  if (columns === undefined) throw new Error('the answer lacks columns');
  const { count, ...rest } = columns;
  const arrays = Object.entries<unknown>(rest)
    .filter(([name]) => !name.startsWith('$'))
    .map(([name, column]) => [name, arrayOf(column as Numbers | undefined)]);
  return { ...Object.fromEntries(arrays), count } as Table<Required<T>>;
}

function arrayOf(column: Numbers | undefined): number[] {
  const form = column?.form;
  switch (form?.case) {
    case 'uint8':
      return Array.from(form.value);
    case 'int32':
      return Array.from(new Int32Array(aligned(form.value)));
    case 'float64':
      return Array.from(new Float64Array(aligned(form.value)));
    case undefined:
      throw new Error('a column is in a form that is not known');
  }
}

/** A copy: columns lie anywhere in the message, numbers of several bytes must not. (A Buffer's own `slice` copies nothing.) */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function keysOf(keys: Uint8Array, keyedBySpan: readonly number[]): string[] {
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength);
  return keyedBySpan.map((spans, row) => bytes.toString('hex', row * 16, row * 16 + (spans === 1 ? 8 : 16)));
}
