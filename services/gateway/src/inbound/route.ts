import type { Request, Response } from '@tmws/http';
import type { ZodOpenApiOperationObject } from 'zod-openapi';

/** One operation of the REST API: what the document says of it, and what it does. There is no route without both. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/api/v1/executions/{id}`. */
  readonly path: string;
  readonly operation: ZodOpenApiOperationObject;
  /** Answers, or throws a Problem. */
  readonly handle: (request: Request, response: Response) => Promise<void> | void;
}
