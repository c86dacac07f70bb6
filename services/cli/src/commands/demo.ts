import { type CloudEventJson, demoEvents, executionIdsOf, playDemo } from '@tmws/demo';
import { formatDuration } from '@tmws/duration';
import type { ProblemDocument } from '@tmws/problems';
import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printList } from '../output.ts';
import { openProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly fast?: boolean;
}

interface Results {
  readonly items: readonly { id: string; status: string; problem?: ProblemDocument }[];
}

/** `tmws demo`: plays the demo through `POST /api/v1/events` and prints the pages of its executions. @returns 130 when interrupted */
export async function demo(context: Context, { seed, fast = false }: DemoOptions): Promise<number> {
  const { terminal, format } = context;
  const client = context.client();
  const startMs = terminal.nowMs();
  const events = demoEvents({ seed, startMs });
  const signal = terminal.interrupted();
  const progress = openProgress(terminal, 'events');
  const seconds = ((events.at(-1)?.atMs ?? startMs) - startMs) / 1000;
  const send = openSender(client, terminal, signal, () => {
    const what = `${events.length} events of ${executionIdsOf(events).length} executions`;
    terminal.tell(
      fast
        ? `sending ${what} to ${client.baseUrl}\n`
        : `playing ${what} for ${formatDuration(seconds * 1e9)}; watch at ${client.baseUrl}/\n`,
    );
  });
  const sleep = (ms: number): Promise<void> => terminal.sleep(ms, signal);
  const played = await playDemo({
    events,
    send,
    fast,
    signal,
    sleep,
    clock: () => terminal.nowMs(),
    onProgress: progress.report,
  }).finally(progress.end);
  const pages = played.executionIds.map((id) => ({ id, url: client.pageOf(id) }));
  await printList(
    context,
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'PAGE', text: ({ url }) => url },
    ],
    pages,
  );
  if (played.sent < events.length) {
    terminal.tell(`interrupted after ${played.sent} of ${events.length} events; what began stays running\n`);
    return exitCodes.interrupted;
  }
  if (format === 'table') terminal.tell(`sent ${played.sent} events; \`tmws run timeline @last\` draws the newest run\n`);
  return exitCodes.done;
}

const tries = 5;

/**
 * Sends batches. What the server refuses ends the play. Once it has answered, a server that is away or says to wait is tried again, with
 * growing pauses: events are taken once by their id.
 */
function openSender(
  client: Client,
  terminal: Terminal,
  signal: AbortSignal,
  onFirst: () => void,
): (batch: CloudEventJson[]) => Promise<void> {
  let answered = false;
  return async (batch) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { items } = await client.post<Results>('/api/v1/events', batch, 'application/cloudevents-batch+json');
        const refused = items.find(({ status }) => status !== 'accepted');
        if (refused?.problem !== undefined)
          throw new Failure(refused.problem, `the event ${refused.id} was refused`, exitCodes.partly);
        if (!answered) onFirst();
        answered = true;
        return;
      } catch (error) {
        const again =
          answered &&
          error instanceof Failure &&
          error.exitCode !== exitCodes.partly &&
          ['unavailable', 'timeout', 'limited'].includes(error.problem.kind);
        if (!again || attempt === tries || signal.aborted) throw error;
        await terminal.sleep(250 * 2 ** attempt, signal);
      }
    }
  };
}
