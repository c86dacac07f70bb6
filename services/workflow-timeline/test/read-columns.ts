// Reads columns back as a client would, from their description alone (picture.proto).
import type { BarColumns, GetColumnsResponse, Numbers, UsageColumns } from '@tmws/contracts';

export interface ReadBar {
  attempt: number;
  status: string;
  readyNs: bigint | undefined;
  queuedNs: bigint | undefined;
  startNs: bigint | undefined;
  endNs: bigint | undefined;
  worker: string;
  pool: string;
  flags: string[];
  critical: boolean;
  waits: { kind: string; fromNs: bigint; toNs: bigint | undefined; reason: string }[];
  /** Of a run. */
  bars: number;
  atNs: bigint;
  /** µs, KiB, tokens, 10⁻⁹ USD. */
  used: { cpu: number; memory: number; tokens: number; cost: number } | undefined;
}

export interface ReadRow {
  stepId: string;
  name: string;
  kind: string;
  status: string;
  depth: number;
  path: string[];
  iteration: number;
  parent: number | undefined;
  keyedBySpan: boolean;
  key: string;
  bars: ReadBar[];
  dependsOn: number[];
  /** Of a fold. */
  fold: { steps: number; failed: number; critical: number } | undefined;
}

export function numbers(column: Numbers | undefined): number[] {
  const form = column?.form;
  if (form?.case === undefined) throw new Error('a column is missing');
  const { buffer } = new Uint8Array(form.value);
  switch (form.case) {
    case 'uint8':
      return [...form.value];
    case 'int32':
      return [...new Int32Array(buffer)];
    case 'float64':
      return [...new Float64Array(buffer)];
  }
}

const sums = (distances: readonly number[]): number[] => {
  let sum = 0;
  return distances.map((distance) => (sum += distance));
};

export function readColumns(answer: GetColumnsResponse): ReadRow[] {
  const { rows, bars, waits, dependencies, folds, runs, unitNs } = answer;
  const types = numbers(rows!.type);
  const text = (of: 'id' | 'name', distances: number[]): ((i: number) => string | undefined) => {
    const last = new Map<number, number>();
    const values = distances.map((distance, i) => {
      const value = (last.get(types[i]!) ?? 0) + distance;
      last.set(types[i]!, value);
      return value;
    });
    return (i) => {
      const place = answer.types[types[i]!]![of];
      if (place < 0) return undefined;
      const { before, digits, after } = answer.templates[place]!;
      return digits === undefined ? before : `${before}${String(values[i]).padStart(digits, '0')}${after}`;
    };
  };
  const idOf = text('id', numbers(rows!.idNumber));
  const nameOf = text('name', numbers(rows!.nameNumber));
  const [status, depth, path, iteration, keyed] = [rows!.status, rows!.depth, rows!.path, rows!.iteration, rows!.keyedBySpan].map(
    numbers,
  ) as [number[], number[], number[], number[], number[]];

  const read: ReadRow[] = [];
  for (let row = 0; row < rows!.count; row++) {
    const parent = depth[row] === 0 ? undefined : depth.lastIndexOf(depth[row]! - 1, row);
    const above = parent === undefined ? undefined : read[parent];
    read.push({
      stepId: idOf(row)!,
      name: nameOf(row) ?? idOf(row)!,
      kind: answer.kinds[answer.types[types[row]!]!.kind]!,
      status: answer.statuses[status[row]!]!,
      depth: depth[row]!,
      path: path[row]! >= 0 ? answer.paths[path[row]!]!.segments : above === undefined ? [] : [...above.path, above.stepId],
      iteration: iteration[row]!,
      parent,
      keyedBySpan: keyed[row] === 1,
      key: Buffer.from(rows!.keys.subarray(row * 16, row * 16 + (keyed[row] === 1 ? 8 : 16))).toString('hex'),
      bars: [],
      dependsOn: [],
      fold: undefined,
    });
  }
  const back = numbers(dependencies!.back);
  let next = 0;
  numbers(dependencies!.perRow).forEach((count, row) => {
    for (let i = 0; i < count; i++) read[row]!.dependsOn.push(row - back[next++]!);
  });
  const read1 = readBars(answer, bars!, read);

  const [from, to, waitKind, reason] = [waits!.from, waits!.to, waits!.kind, waits!.reason].map(numbers);
  sums(numbers(waits!.bar)).forEach((at, i) => {
    const bar = read1[at]!;
    bar.waits.push({
      kind: answer.waitKinds[waitKind![i]!]!,
      fromNs: bar.atNs + BigInt(from![i]!) * unitNs,
      toNs: Number.isNaN(to![i]) ? undefined : bar.atNs + BigInt(from![i]! + to![i]!) * unitNs,
      reason: answer.reasons[reason![i]!]!,
    });
  });
  const [steps, failed, critical] = [folds!.steps, folds!.failed, folds!.critical].map(numbers);
  sums(numbers(folds!.row)).forEach((row, i) => {
    read[row]!.fold = { steps: steps![i]!, failed: failed![i]!, critical: critical![i]! };
  });
  const inRun = numbers(runs!.bars);
  sums(numbers(runs!.bar)).forEach((bar, i) => (read1[bar]!.bars = inRun[i]!));
  if (answer.usage !== undefined) readUsage(answer.usage, read1);
  return read;
}

function readUsage({ bar, ...columns }: UsageColumns, bars: ReadBar[]): void {
  const [cpu, memory, tokens, cost] = [columns.cpu, columns.memory, columns.tokens, columns.cost].map(numbers);
  sums(numbers(bar)).forEach((at, i) => {
    bars[at]!.used = { cpu: cpu![i]!, memory: memory![i]!, tokens: tokens![i]!, cost: cost![i]! };
  });
}

/** The bars, in order; each is put into its row. */
function readBars(
  { startNs, unitNs, statuses, places, flags: flagNames }: GetColumnsResponse,
  bars: BarColumns,
  rows: ReadRow[],
): ReadBar[] {
  const stages = [bars.ready, bars.queued, bars.start, bars.end].map(numbers);
  const [attempt, status, place, flags, critical] = [bars.attempt, bars.status, bars.place, bars.flags, bars.critical].map(
    numbers,
  );
  const rowOf = sums(numbers(bars.row));
  let anchor = startNs;
  return numbers(bars.at).map((distance, i) => {
    const row = rowOf[i]!;
    const { bars: tries, dependsOn } = rows[row]!;
    if (tries.length === 0) {
      const ends = dependsOn.filter((other) => other < row).map((other) => rows[other]!.bars.at(-1)?.endNs);
      anchor =
        ends
          .filter((end) => end !== undefined)
          .reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined) ?? anchor;
    }
    anchor += BigInt(distance) * unitNs;
    let before = anchor;
    const [readyNs, queuedNs, begunNs, endNs] = stages.map((stage) => {
      if (Number.isNaN(stage[i])) return undefined;
      before += BigInt(stage[i]!) * unitNs;
      return before;
    });
    const bar: ReadBar = {
      attempt: attempt![i]!,
      status: statuses[status![i]!]!,
      readyNs,
      queuedNs,
      startNs: begunNs,
      endNs,
      worker: places[place![i]!]!.worker,
      pool: places[place![i]!]!.pool,
      flags: flagNames.filter((_, bit) => (flags![i]! >> bit) & 1),
      critical: critical![i] === 1,
      waits: [],
      bars: 1,
      atNs: anchor,
      used: undefined,
    };
    tries.push(bar);
    return bar;
  });
}
