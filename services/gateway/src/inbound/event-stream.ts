import { lastEventId, openStream, type Request, type Response, type Stream } from '@tmws/http';
import { Problem, problemDocument } from '@tmws/problems';

/** What the client has already: `Last-Event-ID`, which EventSource sends after a loss, else `?since=`. @throws Problem `invalid` */
export function revisionToResumeFrom(request: Request, since: bigint | undefined): bigint {
  const last = lastEventId(request);
  if (last === undefined || last === '') return since ?? 0n;
  if (/^\d{1,18}$/.test(last)) return BigInt(last);
  throw new Problem('invalid', `Last-Event-ID must be a revision (got ${JSON.stringify(last.slice(0, 40))})`, {
    field: 'last-event-id',
  });
}

/**
 * Answers with an event stream that `tell` fills. However it ends, the answer ends, so that an EventSource connects
 * again and goes on from the last id. A part of the fleet that breaks off is told as an event `problem`.
 *
 * @param tell  gets the stream, whose signal is aborted when the client left
 */
export async function answerStream(
  request: Request,
  response: Response,
  closing: AbortSignal,
  tell: (stream: Stream) => Promise<void>,
): Promise<void> {
  const stream = openStream(request, response, closing);
  try {
    await tell(stream);
  } catch (error) {
    const requestId = response.locals.requestId as string;
    await stream.send({ type: 'problem', data: problemDocument(Problem.from(error), { instance: request.path, requestId }) });
    throw error;
  } finally {
    stream.end();
  }
}
