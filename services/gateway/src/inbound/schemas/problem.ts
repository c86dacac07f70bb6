import { type ProblemDocument, problemKinds } from '@tmws/problems';
import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong, what is allowed, what to do' }),
    kind: z.enum(problemKinds),
    field: z.string().optional().meta({ description: 'The parameter or field it lies in' }),
    position: z
      .object({ start: z.int(), end: z.int() })
      .optional()
      .meta({ description: 'Where in the parameter, in UTF-16 units', examples: [{ start: 7, end: 13 }] }),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    traceId: z.string().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457',
    examples: [
      {
        type: 'urn:tmws:problem:invalid',
        title: 'The request is not valid',
        status: 400,
        detail: 'limit must be a whole number from 1 to 500 (got "0")',
        kind: 'invalid',
        field: 'limit',
        instance: '/api/v1/executions',
        requestId: '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11',
      },
    ],
  }) satisfies z.ZodType<ProblemDocument>;

const descriptions = {
  400: 'A parameter or field is wrong',
  401: 'There is no credential, or it is not good',
  403: 'The credential lacks the scope or the namespace, or the request comes from another site',
  404: 'There is no such thing',
  405: 'The path does not take the method',
  409: 'The state of the thing does not allow this',
  412: 'It was changed meanwhile: read it again',
  413: 'The body is too large',
  415: 'The type of the body, or of the event, is not read here',
  429: 'Too much at once; Retry-After says when',
  500: 'Something went wrong on our side',
  503: 'A part of the fleet is away; Retry-After says when to come again',
  504: 'A part of the fleet did not answer in time',
} as const;

/** The refusals an operation may answer with, as OpenAPI has them. Those any request may meet are always among them. */
export function problems(...statuses: (keyof typeof descriptions)[]): ZodOpenApiResponsesObject {
  const content = { 'application/problem+json': { schema: problem } };
  const all = new Set<keyof typeof descriptions>([...statuses, 401, 403, 405, 500]);
  return Object.fromEntries([...all].sort().map((status) => [String(status), { description: descriptions[status], content }]));
}
