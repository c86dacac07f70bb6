import { type DescMessage, type MessageShape, toJsonString } from '@bufbuild/protobuf';
import type { Request, Response } from '@tmws/http';
import { Problem, problemDocument } from '@tmws/problems';

/**
 * Answers with messages as lines of JSON, each as it comes. The first decides between an answer and a problem; what breaks off after that is told
 * as a last line `{"problem": …}`. Who leaves is told nothing more.
 */
export async function answerLines<S extends DescMessage>(
  request: Request,
  response: Response,
  schema: S,
  messages: AsyncIterable<MessageShape<S>>,
): Promise<void> {
  const lines = messages[Symbol.asyncIterator]();
  let line = await lines.next();
  response.type('application/jsonl').set('x-accel-buffering', 'no');
  try {
    for (; line.done !== true; line = await lines.next()) {
      response.write(`${toJsonString(schema, line.value, { alwaysEmitImplicit: true })}\n`);
    }
  } catch (error) {
    if (response.closed) return;
    const requestId = response.locals.requestId as string;
    const problem = problemDocument(Problem.from(error), { instance: request.path, requestId });
    response.write(`${JSON.stringify({ problem })}\n`);
  }
  response.end();
}
