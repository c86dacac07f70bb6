import type { Request, Response } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Pictures } from '../ports.ts';
import { answerText, answerUnchanged, knownTag } from './cached-answer.ts';
import { callOf } from './call-of.ts';
import { columnsText } from './columns-json.ts';
import { executionId } from './parameters.ts';
import { svgQuery, timelineQuery } from './picture-parameters.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { columnsType } from './schemas/columns.ts';
import { problems } from './schemas/problem.ts';

// Of the form, not of the content: another number when the same content is written in another way.
const columnsForm = 'c1';
const svgForm = 's1';

/** Whether the client would rather have the timeline as columns. */
export function wantsColumns(request: Request, response: Response): boolean {
  response.vary('accept');
  return request.accepts(['application/json', columnsType]) === columnsType;
}

/** The timeline as columns. */
export async function answerColumns(pictures: Pictures, request: Request, response: Response): Promise<void> {
  const { from: fromNs = 0n, to: toNs = 0n, px = 0, keys = '0' } = readQuery(timelineQuery, request);
  const { id } = readPath(executionId, request);
  const asked = { id, fromNs, toNs, px, keys: keys === '1', knownTag: knownTag(request, columnsForm) };
  const found = await pictures.getColumns(asked, callOf(request, response));
  if (found.unchanged) {
    answerUnchanged(request, response, columnsForm, found.tag);
    return;
  }
  response.type(columnsType);
  await answerText(request, response, columnsForm, found.tag, columnsText(found));
}

/** The window of a timeline as rows. @throws Problem `invalid` for what only columns take */
export function readWindow(request: Request): { fromNs: bigint; toNs: bigint } {
  const { from: fromNs = 0n, to: toNs = 0n, px, keys } = readQuery(timelineQuery, request);
  const other = px !== undefined ? 'px' : keys !== undefined ? 'keys' : undefined;
  if (other === undefined) return { fromNs, toNs };
  throw new Problem('invalid', `${other} is taken of columns only: ask with Accept: ${columnsType}`, { field: other });
}

// Nothing in the picture may load or run anything, whatever it is called.
const svgPolicy = "default-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** Pictures of executions. */
export function pictureRoutes({ pictures }: { pictures: Pictures }): Route[] {
  return [
    {
      method: 'get',
      path: '/api/v1/executions/{id}/timeline.svg',
      operation: {
        operationId: 'getTimelineSvg',
        summary: 'The timeline as a picture',
        description:
          'An SVG document that needs nothing else. Status has a shape beside its colour, each kind of waiting a hatch, the critical ' +
          'path is outlined; bars have titles, the whole a summary for screen readers. Above 200 rows steps are folded, and it says so.',
        tags: ['executions'],
        requestParams: { path: executionId, query: svgQuery },
        responses: {
          200: { description: 'The picture', content: { 'image/svg+xml': { schema: z.string() } } },
          304: { description: 'The picture named by If-None-Match is still right' },
          ...problems(400, 404, 503, 504),
        },
      },
      async handle(request, response) {
        const { from: fromNs = 0n, to: toNs = 0n, width = 0, theme = '' } = readQuery(svgQuery, request);
        const { id } = readPath(executionId, request);
        const asked = { id, fromNs, toNs, width, theme, knownTag: knownTag(request, svgForm) };
        const found = await pictures.getSvg(asked, callOf(request, response));
        response.set('content-security-policy', svgPolicy);
        if (found.unchanged) {
          answerUnchanged(request, response, svgForm, found.tag);
          return;
        }
        response.type('image/svg+xml; charset=utf-8');
        await answerText(request, response, svgForm, found.tag, found.svg);
      },
    },
  ];
}
