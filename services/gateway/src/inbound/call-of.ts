import type { CallOptions } from '@tmws/contracts';
import { callerOf, type Request, type Response } from '@tmws/http';
import { Problem } from '@tmws/problems';

/** How to ask others in the name of this request; what is asked ends when the client leaves. @throws Problem `invalid` */
export function callOf(request: Request, response: Response): CallOptions {
  const left = new AbortController();
  response.once('close', () => left.abort(new Problem('timeout', 'the caller left')));
  return { caller: callerOf(request, response), signal: left.signal };
}
