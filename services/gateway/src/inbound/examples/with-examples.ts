import { readFileSync } from 'node:fs';
import { Problem } from '@tmws/problems';

/** A call to a fleet and its answer, as they were. `e2e/src/examples` records them, its scenario holds the API to them. */
export interface RecordedCall {
  readonly operationId: string;
  /** `GET /api/v1/executions?limit=2` */
  readonly call: string;
  readonly request?: { readonly contentType: string; readonly body: unknown };
  readonly status: number;
  readonly contentType: string;
  readonly answer?: unknown;
}

interface Content {
  content?: Record<string, { examples?: Record<string, { summary: string; value: unknown }> }>;
}

interface Operation {
  operationId?: string;
  requestBody?: Content;
  responses?: Record<string, Content>;
}

export function recordedCalls(): RecordedCall[] {
  return JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as RecordedCall[];
}

/**
 * Puts recorded calls into a document as the examples of their operations, in place.
 *
 * @throws Problem `internal` when the document does not have what was recorded
 */
export function withExamples<D extends { paths?: object }>(document: D, calls: readonly RecordedCall[]): D {
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item as Record<string, Operation>));
  for (const { operationId, call, request, status, contentType, answer } of calls) {
    const operation = operations.find((each) => each.operationId === operationId);
    const response = operation?.responses?.[String(status)];
    if (response === undefined) throw new Problem('internal', `the document has no answer ${status} of ${operationId}`);
    if (answer !== undefined) put(response, contentType, call, answer);
    if (request !== undefined) put(operation?.requestBody ?? {}, request.contentType, call, request.body);
  }
  return document;
}

function put({ content = {} }: Content, contentType: string, summary: string, value: unknown): void {
  const of = content[contentType];
  if (of === undefined) throw new Problem('internal', `the document has no ${contentType} of ${summary}`);
  of.examples = { ...of.examples, [`recorded${Object.keys(of.examples ?? {}).length + 1}`]: { summary, value } };
}
