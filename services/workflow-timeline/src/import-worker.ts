// The thread in which large files are read, one after the other: it parses and folds, then gives rows as they are asked for.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerInput, WorkerReply, WorkerRequest } from './inbound/imports/import-thread.ts';

const { compileCache } = workerData as WorkerInput;
if (compileCache !== undefined) enableCompileCache(compileCache);
const port = parentPort;
if (port === null) throw new Error('runs as a worker only');

const { answerRequests } = await import('./inbound/imports/answer-requests.ts');
const { packRows } = await import('./outbound/packed-rows.ts');
const answer = answerRequests(packRows);
port.on('message', (request: WorkerRequest) => {
  const { reply, moved } = answer(request);
  port.postMessage(reply satisfies WorkerReply, moved);
});
