// One import, from the kept file to what everybody sees. Small files, and executions that are stored already, are written in
// one transaction by the rules of any event. The rows of others are staged in portions that nobody sees, until one
// transaction shows them all.
import { Problem } from '@tmws/problems';
import type {
  Claim,
  FoldedExecution,
  Imported,
  ImportFiles,
  ImportStore,
  KeptFile,
  OpenFile,
  ReadFile,
  Rows,
  Standing,
} from '../import-ports.ts';
import type { Clock, ExecutionRecord, ExecutionStore, Recording } from '../ports.ts';
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
// Facts and attempts in a portion: a tenth of a second of the embedded database.
const portion = 1000;
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
        if (end !== 'taken') return end;
        await imports.discard(claim.id);
      }
    } catch (error) {
      const standing = heart.standing();
      if (standing !== 'mine') return standing;
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
  const isStaged = ({ id }: FoldedExecution): boolean => total > smallFile && !known.stored.has(id) && !isDeleted(id);
  const staged = executions.flatMap((execution, i) => (isStaged(execution) ? [i] : []));
  const merged = executions.flatMap((execution, i) => (isStaged(execution) ? [] : [i]));
  const records = await reserved(imports, claim, file, executions, staged, clock());
  let done = 0;
  for await (const rows of portionsOf(read, staged)) {
    signal.throwIfAborted();
    done += rows.reduce((sum, { facts }) => sum + facts.length, 0);
    const withRecords = rows.flatMap(({ at, ...some }) => {
      const execution = records.get(at);
      return execution === undefined ? [] : [{ ...some, execution }];
    });
    const standing = await imports.stage(claim, withRecords, { done, total, nowMs: clock() });
    if (standing !== 'mine') return standing;
  }
  const end = await imports.finish(claim, [...records.values()], async (recording) => {
    if (lifted.length > 0) await recording.lift(lifted.map(({ id }) => ({ namespace: file.namespace, id })));
    for await (const rows of portionsOf(read, merged)) await merge(recording, { store, clock }, file, executions, rows);
    const nowMs = clock();
    await recording.send(executions.map((execution) => announcementOf(execution, file, read.format, nowMs)));
    return importedOf(file, read, nowMs);
  });
  return end === 'mine' ? 'done' : end;
}

async function reserved(
  imports: ImportStore,
  claim: Claim,
  { namespace }: KeptFile,
  executions: readonly FoldedExecution[],
  staged: readonly number[],
  nowMs: number,
): Promise<Map<number, ExecutionRecord>> {
  if (staged.length === 0) return new Map();
  const { bucket, nos } = await imports.reserve(claim, staged.length, nowMs);
  return new Map(
    staged.flatMap((at, i): [number, ExecutionRecord][] => {
      const [execution, no] = [executions[at], nos[i]];
      if (execution === undefined || no === undefined) return [];
      return [[at, { ...execution, namespace, no, bucket, seq: BigInt(execution.factCount), revision: 0n, heardMs: nowMs }]];
    }),
  );
}

type Portion = (Rows & { readonly at: number })[];

/** The rows of some executions, about a thousand at a time; the next portion is asked for while one is written. */
async function* portionsOf(read: ReadFile, wanted: readonly number[]): AsyncIterable<Portion> {
  const slices = wanted.flatMap((at) => {
    const { factCount = 0, attemptCount = 0 } = read.executions[at] ?? {};
    const count = Math.ceil(Math.max(factCount, attemptCount) / portion);
    return Array.from({ length: count }, (_, n) => ({ at, from: n * portion }));
  });
  const ask = (n: number): Promise<Rows> | undefined => {
    const slice = slices[n];
    if (slice === undefined) return undefined;
    const rows = read.rows(slice.at, slice.from, portion);
    rows.catch(() => undefined);
    return rows;
  };
  let gathered: Portion = [];
  let size = 0;
  let next = ask(0);
  for (const [n, { at }] of slices.entries()) {
    const rows = await next;
    next = ask(n + 1);
    if (rows === undefined) continue;
    gathered.push({ at, ...rows });
    size += rows.facts.length + rows.attempts.length;
    if (size < portion) continue;
    yield gathered;
    gathered = [];
    size = 0;
  }
  if (gathered.length > 0) yield gathered;
}

/** By the rules of any event, in the transaction of `recording`. */
async function merge(
  recording: Recording,
  { store, clock }: Pick<Writing, 'store' | 'clock'>,
  { namespace }: KeptFile,
  executions: readonly FoldedExecution[],
  rows: Portion,
): Promise<void> {
  const facts = rows.flatMap(({ at, facts: some }): IncomingFact[] => {
    const key = { namespace, id: executions[at]?.id ?? '' };
    return some.map(({ fact }) => ({ key, fact, refuse }));
  });
  const record = recordFacts({ store: { ...store, record: (work) => work(recording) }, clock });
  await record({ facts, moves: [], toSend: () => [] });
}

function refuse(reason: string): void {
  throw new Problem('conflict', `the file cannot be imported: ${reason}`);
}

function importedOf(file: KeptFile, { format, executions }: ReadFile, importedMs: number): Imported {
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
