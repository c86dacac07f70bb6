import type { OperationJson } from '@tmws/contracts';
import type { Client } from './client.ts';
import { openProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

function hasEnded({ status }: OperationJson): boolean {
  return status !== 'queued' && status !== 'running';
}

const askEveryMs = 200;

/** Waits for the end of an operation, telling how far it is. Interrupted: the operation goes on, and is given as it is. */
export async function followOperation(client: Client, terminal: Terminal, operation: OperationJson, signal: AbortSignal) {
  const left = (): boolean => signal.aborted;
  const progress = openProgress(terminal, operation.unit ?? '');
  let last = operation;
  try {
    while (!hasEnded(last) && !left()) {
      if ((last.total ?? 0) > 0) progress.report(last.done ?? 0, last.total ?? 0);
      await terminal.sleep(askEveryMs, signal);
      if (!left()) last = await client.get<OperationJson>(`/api/v1/operations/${encodeURIComponent(last.id ?? '')}`);
    }
  } finally {
    progress.end();
  }
  return last;
}
