// The thread in which a large file is read: it parses and folds, then gives rows as they are asked for.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerInput, WorkerReply, WorkerRequest } from './read-in-worker.ts';

const { file, content, compileCache } = workerData as WorkerInput;
if (compileCache !== undefined) enableCompileCache(compileCache);
const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const reply = (message: WorkerReply): void => port.postMessage(message);

const { Problem } = await import('@tmws/problems');
const { foldFile } = await import('./folded-file.ts');
const { unpack } = await import('./unpack.ts');
try {
  const { format, executions, rows } = foldFile(unpack(content, file), file);
  port.on('message', ({ execution, from, count }: WorkerRequest) => reply({ rows: rows(execution, from, count) }));
  reply({ read: { format, executions } });
} catch (error) {
  if (error instanceof Problem) {
    reply({ problem: { kind: error.kind, message: error.message, field: error.field } });
  } else reply({ failed: Error.isError(error) ? (error.stack ?? error.message) : String(error) });
}
