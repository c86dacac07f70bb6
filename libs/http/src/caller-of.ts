import { anonymous, type Caller, parseNamespace } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { Request, Response } from 'express';

/** On whose behalf the request comes. The header beats the query. @throws Problem `invalid` for a wrong namespace */
export function callerOf(request: Request, response: Response): Caller {
  const header = request.get('x-tmws-namespace');
  const { namespace } = request.query;
  if (Array.isArray(namespace)) throw new Problem('invalid', 'query namespace must be given once', { field: 'namespace' });
  const given = header ?? (typeof namespace === 'string' ? namespace : undefined);
  return anonymous(
    parseNamespace(given, header === undefined ? 'query namespace' : 'header x-tmws-namespace'),
    response.locals.requestId as string,
  );
}
