import { anonymous, type Caller, defaultNamespace, parseNamespace } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { Request, Response } from 'express';

/** On whose behalf the request comes: who was let in, else nobody. @throws Problem `invalid` for a wrong namespace */
export function callerOf(request: Request, response: Response): Caller {
  const known = response.locals.caller as Caller | undefined;
  return known ?? anonymous(namespaceAsked(request) ?? defaultNamespace, response.locals.requestId as string);
}

/** The namespace a request names, if it does. The header beats the query. @throws Problem `invalid` */
export function namespaceAsked(request: Request): string | undefined {
  const header = request.get('x-tmws-namespace');
  const { namespace } = request.query;
  if (Array.isArray(namespace)) throw new Problem('invalid', 'query namespace must be given once', { field: 'namespace' });
  const given = header ?? (typeof namespace === 'string' ? namespace : undefined);
  if (given === undefined || given === '') return undefined;
  return parseNamespace(given, header === undefined ? 'query namespace' : 'header x-tmws-namespace');
}
