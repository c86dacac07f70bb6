// One import, from the kept file to what everybody sees. Small files, and executions that are stored already, are written in
// one transaction by the rules of any event. The rows of others are staged in portions that nobody sees, until one
// transaction shows them all.
import { Problem, retryable } from '@tmws/problems';
import type {
  Claim,
  FoldedExecution,
  Imported,
  ImportFiles,
  ImportStore,
  KeptFile,
  OpenFile,
  PackedRows,
  ReadFile,
  ReadPortion,
  Rows,
  Standing,
} from '../import-ports.ts';
import type { Clock, ExecutionRecord, ExecutionStore, Recording, RowPlace } from '../ports.ts';
import { announcementOf } from './announce-import.ts';
import { type IncomingFact, recordFacts } from './record-facts.ts';

export interface ImportFileNeeds {
  readonly files: ImportFiles;
  readonly imports: ImportStore;
  readonly store: ExecutionStore;
  readonly open: OpenFile;
  readonly clock: Clock;
}

export interface ImportTask {
  readonly claim: Claim;
  /** It may have been imported before: then what was deleted since stays away. */
  readonly again: boolean;
}

/** How an import ended: `done`, or why it did not go on. */
export type ImportEnd = 'done' | Exclude<Standing, 'mine'>;

// Facts of a file that are written in one go.
const smallFile = 1500;
// Facts that are written at once, with their attempts: a tenth of a second of the embedded database.
const portionFacts = 1000;
const reportedExecutions = 1000;
const beatEveryMs = 500;

/** @throws Problem for a file that cannot be imported; then, as when it is cancelled, nothing of it is seen */
export function importFile({ files, imports, store, open, clock }: ImportFileNeeds) {
  return async ({ claim, again }: ImportTask, signal: AbortSignal): Promise<ImportEnd> => {
    await imports.discard(claim.id);
    const kept = await files.read(claim.id);
    if (kept === undefined) throw new Problem('not_found', 'the file is not kept any more; send it again');
    const heart = beating(() => imports.progress(claim, 0, 0, clock()), signal);
    let read: ReadFile | undefined;
    try {
      read = await open(kept.file, kept.content, heart.signal);
      heart.stop();
      for (;;) {
        const end = await write({ imports, store, clock }, { claim, again }, kept.file, read, signal);
        if (end === 'done' || end === 'lost') return end;
        await imports.discard(claim.id);
        if (end === 'cancelled') return end;
      }
    } catch (error) {
      const standing = heart.standing();
      if (standing !== 'mine') return standing;
      // What is found wrong late left rows that nobody sees.
      const ours =
        error instanceof Problem && !retryable(error.kind) && (await imports.progress(claim, 0, 0, clock())) !== 'lost';
      if (ours) await imports.discard(claim.id);
      throw error;
    } finally {
      heart.stop();
      await read?.close();
    }
  };
}

type Writing = Pick<ImportFileNeeds, 'imports' | 'store' | 'clock'>;

async function write(
  { imports, store, clock }: Writing,
  { claim, again }: ImportTask,
  file: KeptFile,
  read: ReadFile,
  signal: AbortSignal,
): Promise<ImportEnd | 'taken'> {
  const { executions } = read;
  const total = executions.reduce((sum, { factCount }) => sum + factCount, 0);
  const started = await imports.progress(claim, 0, total, clock());
  if (started !== 'mine') return started;
  const known = await imports.known(
    file.namespace,
    executions.map(({ id }) => id),
  );
  // Who gives a file wants what is in it; what was deleted since a file was given stays away.
  const isDeleted = (id: string): boolean => again && known.deleted.has(id);
  const lifted = again ? [] : executions.filter(({ id }) => known.deleted.has(id));
  const isStaged = ({ id }: { id: string }): boolean => total > smallFile && !known.stored.has(id) && !isDeleted(id);
  const staged = executions.flatMap((execution, at) => (isStaged(execution) ? [at] : []));
  const merged = executions.flatMap((execution, at) => (isStaged(execution) ? [] : [at]));
  const places = await reserved(imports, claim, staged, clock());
  const folded = new Map<number, FoldedExecution>();
  let done = 0;
  for await (const portions of gathered(portionsOf(read, staged, folded, true))) {
    signal.throwIfAborted();
    done += portions.reduce((sum, { rows }) => sum + factsIn(rows), 0);
    const rows = portions.map((one) => ({ place: placed(places, one.at), rows: one.rows }));
    const standing = await imports.stage(claim, rows, { done: Math.min(done, total), total, nowMs: clock() });
    if (standing !== 'mine') return standing;
  }
  const heardMs = clock();
  const records = [...folded].map(([at, execution]): ExecutionRecord => {
    const own = { namespace: file.namespace, seq: BigInt(execution.factCount), revision: 0n, heardMs };
    return { ...execution, ...placed(places, at), ...own };
  });
  const end = await imports.finish(claim, records, async (recording) => {
    if (lifted.length > 0) await recording.lift(lifted.map(({ id }) => ({ namespace: file.namespace, id })));
    for await (const portions of gathered(portionsOf(read, merged, folded, false)))
      await merge(recording, { store, clock }, file, executions, portions);
    const nowMs = clock();
    const all = [...folded].sort(([a], [b]) => a - b).map(([, execution]) => execution);
    await recording.send(all.map((execution) => announcementOf(execution, file, read.format, nowMs)));
    return importedOf(file, read.format, all, nowMs);
  });
  return end === 'mine' ? 'done' : end;
}

async function reserved(imports: ImportStore, claim: Claim, staged: readonly number[], nowMs: number) {
  if (staged.length === 0) return new Map<number, RowPlace>();
  const { bucket, nos } = await imports.reserve(claim, staged.length, nowMs);
  return new Map(nos.map((no, i): [number, RowPlace] => [staged[i] ?? -1, { bucket, no, seq: 0n }]));
}

function placed(places: ReadonlyMap<number, RowPlace>, at: number): RowPlace {
  const place = places.get(at);
  if (place === undefined) throw new Error(`no number was reserved for the execution ${at}`);
  return place;
}

interface Portion {
  /** The execution's place in the file. */
  readonly at: number;
  readonly rows: Rows | PackedRows;
}

function factsIn(rows: Rows | PackedRows): number {
  return 'factCount' in rows ? rows.factCount : rows.facts.length;
}

/** The rows of some executions; the next are asked for while the ones before are written. Enters what they amount to. */
async function* portionsOf(
  read: ReadFile,
  wanted: readonly number[],
  folded: Map<number, FoldedExecution>,
  packed: boolean,
): AsyncIterable<Portion> {
  const ask = (i: number, anew: boolean): Promise<ReadPortion> | undefined => {
    const at = wanted[i];
    if (at === undefined) return undefined;
    // Many small executions are better written at once.
    const large = (read.executions[at]?.factCount ?? 0) > portionFacts;
    const portion = read.next(at, { anew, packed: packed && large });
    portion.catch(() => undefined);
    return portion;
  };
  let next = ask(0, true);
  for (let i = 0; i < wanted.length;) {
    const [at = -1, portion] = [wanted[i], await next];
    if (portion === undefined) return;
    const { rows, end } = portion;
    if (end !== undefined) {
      folded.set(at, end);
      i++;
    }
    next = ask(i, end !== undefined);
    yield { at, rows };
  }
}

/** About a thousand rows at a time. */
async function* gathered(portions: AsyncIterable<Portion>): AsyncIterable<Portion[]> {
  let some: Portion[] = [];
  let size = 0;
  for await (const portion of portions) {
    some.push(portion);
    size += factsIn(portion.rows);
    if (size < portionFacts) continue;
    yield some;
    some = [];
    size = 0;
  }
  if (some.length > 0) yield some;
}

/** By the rules of any event, in the transaction of `recording`. */
async function merge(
  recording: Recording,
  { store, clock }: Pick<Writing, 'store' | 'clock'>,
  { namespace }: KeptFile,
  executions: ReadFile['executions'],
  portions: readonly Portion[],
): Promise<void> {
  const facts = portions.flatMap(({ at, rows }): IncomingFact[] => {
    if ('factCount' in rows) throw new Error('what is merged was packed');
    const key = { namespace, id: executions[at]?.id ?? '' };
    return rows.facts.map(({ fact }) => ({ key, fact, refuse }));
  });
  const record = recordFacts({ store: { ...store, record: (work) => work(recording) }, clock });
  await record({ facts, moves: [], toSend: () => [] });
}

function refuse(reason: string): void {
  throw new Problem('conflict', `the file cannot be imported: ${reason}`);
}

function importedOf(file: KeptFile, format: string, executions: readonly FoldedExecution[], importedMs: number): Imported {
  const { id, namespace, name, sha256, sizeBytes } = file;
  return {
    id,
    namespace,
    name,
    sha256,
    sizeBytes,
    format,
    executionCount: executions.length,
    stepCount: executions.reduce((sum, { stepCount }) => sum + stepCount, 0),
    executions: executions.slice(0, reportedExecutions).map(({ id: executionId, stepCount, origin }) => ({
      id: executionId,
      steps: stepCount,
      reconstructed: origin?.reconstructed ?? false,
    })),
    importedMs,
  };
}

/** Tells now and then that the work goes on; its signal ends the work when it should not. */
function beating(beat: () => Promise<Standing>, outer: AbortSignal) {
  const ending = new AbortController();
  let standing: Standing = 'mine';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = setTimeout(() => {
      // A store that is away is met again by the work itself.
      void beat()
        .catch((): Standing => 'mine')
        .then((now) => {
          if (stopped) return;
          standing = now;
          if (now === 'mine') next();
          else ending.abort();
        });
    }, beatEveryMs);
  };
  next();
  return {
    signal: AbortSignal.any([ending.signal, outer]),
    standing: () => standing,
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
