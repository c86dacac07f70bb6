import { toJson } from '@bufbuild/protobuf';
import { ImportSchema } from '@tmws/contracts';
import { type Request } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { ImportsPort, OperationsPort } from '../ports.ts';
import { bodyPieces, discardBody } from './body-pieces.ts';
import { callOf } from './call-of.ts';
import { limit, namespaced, plain } from './parameters.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { importList, importSchema, operation } from './schemas/imports.ts';
import { problems } from './schemas/problem.ts';
import { answerFailure, operationJson, wait, waitFor } from './wait-for-operation.ts';

const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});
const tags = ['imports'];
const base = '/api/v1/imports';
const plainQuery = z.strictObject({ ...namespaced }, { error: 'only namespace is taken' });
const listQuery = z.strictObject(
  { ...namespaced, limit: limit(50, 500), cursor: plain('`nextCursor` of the page before', 'WzE3NzI') },
  { error: 'limit, cursor and namespace are taken' },
);
const startQuery = z.strictObject(
  { ...namespaced, name: plain("The file's name, for people; else that of Content-Disposition", 'history.json'), wait },
  { error: 'name, wait and namespace are taken' },
);
const importId = z.object({
  id: z
    .string()
    .max(512)
    .meta({ description: 'The import', examples: ['imp-5d41402abc4b2a76'] }),
});
const location = z.object({
  location: z.string().meta({ description: 'The operation', examples: ['/api/v1/operations/imp-5d41402abc4b2a76'] }),
});

interface Needs {
  readonly imports: ImportsPort;
  readonly operations: OperationsPort;
}

/** Recorded files in. */
export function importRoutes({ imports, operations }: Needs): Route[] {
  return [
    {
      method: 'post',
      path: base,
      needs: { scope: 'write' },
      operation: {
        operationId: 'startImport',
        summary: 'Import a recorded file: WfFormat, a Temporal history, a Jaeger trace, lines of CloudEvents',
        description:
          'The file is the body, of any content type, as it is or by gzip (Content-Encoding, or a .gz file); its format is found ' +
          'from its content. 202 when it is kept: the import goes on whatever happens, and all its executions are seen at once, ' +
          'or none. With `wait` the answer is 200 when it is done by then, or the problem it failed with. The same content again ' +
          'in the same namespace is the same import and adds nothing, so an Idempotency-Key is not needed and not read.',
        tags,
        requestParams: { query: startQuery },
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: z.unknown().meta({ description: 'The file' }), example: { events: [] } },
            'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) },
          },
        },
        responses: {
          200: json('It is done', operation),
          202: { ...json('It is kept and will be done', operation), headers: location },
          ...problems(400, 409, 413, 415, 429, 503),
        },
      },
      async handle(request, response) {
        const { name = fileNameOf(request), wait: waitMs = 0 } = readQuery(startQuery, request);
        const call = callOf(request, response);
        const pieces = bodyPieces(request);
        const { operation: started } = await imports.startImport(messages(name, pieces), call).catch((error: unknown) => {
          discardBody(request);
          throw error;
        });
        if (started === undefined) throw new Error('an import was started that is none');
        const now = await waitFor(operations, started, waitMs, request, response);
        response.location(`/api/v1/operations/${now.id}`);
        if (now.status === 'failed' || now.status === 'cancelled') answerFailure(request, response, now);
        else response.status(waitMs > 0 && now.status === 'done' ? 200 : 202).json(operationJson(now));
      },
    },
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listImports',
        summary: 'Files that were imported, newest first, a page at a time',
        tags,
        requestParams: { query: listQuery },
        responses: { 200: json('A page', importList), ...problems(400, 503, 504) },
      },
      async handle(request, response) {
        const { limit: most = 0, cursor = '' } = readQuery(listQuery, request);
        const page = await imports.listImports({ limit: most, cursor }, callOf(request, response));
        const items = page.items.map((each) => toJson(ImportSchema, each, { alwaysEmitImplicit: true }));
        response.json({ items, nextCursor: page.nextCursor });
      },
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getImport',
        summary: 'One import that is done',
        tags,
        requestParams: { path: importId, query: plainQuery },
        responses: { 200: json('The import', importSchema), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id } = readPath(importId, request);
        const { import: found } = await imports.getImport({ id }, callOf(request, response));
        if (found === undefined) throw new Problem('not_found', `there is no import ${JSON.stringify(id)} in this namespace`);
        response.json(toJson(ImportSchema, found, { alwaysEmitImplicit: true }));
      },
    },
  ];
}

async function* messages(name: string, pieces: AsyncIterable<Uint8Array>) {
  yield { part: { case: 'options' as const, value: { name } } };
  for await (const value of pieces) yield { part: { case: 'chunk' as const, value } };
}

/** The file name of Content-Disposition (RFC 6266), in its plain form. */
function fileNameOf(request: Request): string {
  return /;\s*filename="?([^";]{1,255})"?/i.exec(request.get('content-disposition') ?? '')?.[1] ?? '';
}
