import type { Scope } from '@tmws/auth';
import type { Request, Response } from '@tmws/http';
import type { ZodOpenApiOperationObject } from 'zod-openapi';

/** What an operation asks of who comes. */
export interface Needs {
  readonly scope: Scope;
  /** It does not stop at a namespace: only for credentials of all of them. */
  readonly everyNamespace?: boolean;
  /** It tells the audit itself what was done. */
  readonly ownAudit?: boolean;
}

/** One operation of the REST API: what the document says of it, and what it does. There is no route without both. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/api/v1/executions/{id}`. */
  readonly path: string;
  /** `open`: nobody is asked. Absent: `read` for GET, and for everything else all there is, so that nothing is open by mistake. */
  readonly needs?: Needs | 'open';
  readonly operation: ZodOpenApiOperationObject;
  /** Answers, or throws a Problem. */
  readonly handle: (request: Request, response: Response) => Promise<void> | void;
}

export function needsOf({ method, needs }: Pick<Route, 'method' | 'needs'>): Needs | 'open' {
  return needs ?? (method === 'get' ? { scope: 'read' } : { scope: 'admin', everyNamespace: true });
}
