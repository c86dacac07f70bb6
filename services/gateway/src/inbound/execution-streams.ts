import { toJson } from '@bufbuild/protobuf';
import { ExecutionSchema, WatchExecutionResponseSchema } from '@tmws/contracts';
import type { Request, Response, Stream } from '@tmws/http';
import { Problem, retryable } from '@tmws/problems';
import type { Timeline } from '../ports.ts';
import { callOf } from './call-of.ts';
import { answerStream, revisionToResumeFrom } from './event-stream.ts';

const finalStatuses: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'timed_out']);
const emitted = { alwaysEmitImplicit: true };

/** Changes of all executions of a namespace, and which were deleted, until the client leaves. */
export async function streamExecutions(
  timeline: Timeline,
  closing: AbortSignal,
  request: Request,
  response: Response,
  since: bigint | undefined,
): Promise<void> {
  const sinceRevision = revisionToResumeFrom(request, since);
  const { caller } = callOf(request, response);
  await answerStream(request, response, closing, async (stream) => {
    const watched = timeline.watchExecutions({ sinceRevision }, { caller, signal: stream.signal });
    for await (const { items, deletedIds, revision } of watched) {
      const events = [
        ...items.map((item) => ({ type: 'execution', data: toJson(ExecutionSchema, item, emitted) })),
        ...deletedIds.map((id) => ({ type: 'deleted', data: { id } })),
      ];
      // The id stands on the last of those that came together: resuming between them would lose the rest.
      for (const [i, event] of events.entries())
        await stream.send({ ...event, ...(i === events.length - 1 && { id: String(revision) }) });
    }
  });
}

/** Changes of one execution, until it has ended or the client leaves. */
export async function streamExecution(
  timeline: Timeline,
  closing: AbortSignal,
  request: Request,
  response: Response,
  id: string,
  since: bigint | undefined,
): Promise<void> {
  const sinceRevision = revisionToResumeFrom(request, since);
  const call = callOf(request, response);
  // A wrong id must be an answer, not a stream. When nobody can say, a stream: EventSource tries again only after one.
  await timeline.getExecution({ id }, call).catch((error: unknown) => {
    if (!(error instanceof Problem && retryable(error.kind))) throw error;
  });
  await answerStream(request, response, closing, async (stream) => {
    const watched = timeline.watchExecution({ id, sinceRevision }, { caller: call.caller, signal: stream.signal });
    let ended = false;
    for await (const change of watched) {
      ended = finalStatuses.has(change.execution?.status ?? '');
      const data = toJson(WatchExecutionResponseSchema, change, emitted);
      await stream.send({ id: String(change.execution?.revision ?? 0n), type: 'change', data });
    }
    if (stream.signal.aborted) return;
    // The service also ends a stream when it stops; only the execution's own end is told as one.
    ended ||= finalStatuses.has((await timeline.getExecution({ id }, call)).execution?.status ?? '');
    if (ended) await tellEnd(stream);
  });
}

const tellEnd = (stream: Stream): Promise<void> => stream.send({ type: 'end', data: {} });
