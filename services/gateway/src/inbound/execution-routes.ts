import {
  ExecutionSchema,
  GetBottlenecksResponseSchema,
  GetCriticalPathResponseSchema,
  GetGraphResponseSchema,
  GetTimelineResponseSchema,
  ListExecutionsResponseSchema,
} from '@tmws/contracts';
import type { Request, Response } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Pictures, Timeline } from '../ports.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { streamExecution, streamExecutions } from './execution-streams.ts';
import { bottleneckQuery, graphQuery, listQuery, plainQuery, streamQuery } from './execution-parameters.ts';
import { executionId } from './parameters.ts';
import { timelineQuery } from './picture-parameters.ts';
import { answerColumns, readWindow, wantsColumns } from './picture-routes.ts';
import { readPath, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { bottlenecks } from './schemas/bottlenecks.ts';
import { columns, columnsType } from './schemas/columns.ts';
import { execution, executionList } from './schemas/execution.ts';
import { graph } from './schemas/graph.ts';
import { problems } from './schemas/problem.ts';
import { criticalPath, executionChange, timeline as timelineSchema } from './schemas/timeline.ts';

const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});
const tags = ['executions'];
const base = '/api/v1/executions';

interface Needs {
  readonly timeline: Timeline;
  readonly pictures: Pictures;
  readonly closing: AbortSignal;
}

/** Executions, their timelines and critical paths, and how they change. */
export function executionRoutes({ timeline, pictures, closing }: Needs): Route[] {
  const list = async (request: Request, response: Response): Promise<void> => {
    const { status = [], from: fromNs = 0n, to: toNs = 0n, since: given, ...query } = readQuery(listQuery, request);
    response.vary('accept');
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream') {
      await streamExecutions(timeline, closing, request, response, given);
      return;
    }
    const { workflow = '', q = '', sort = '', limit: most = 0, cursor = '' } = query;
    const asked = { workflow, statuses: status, fromNs, toNs, q, sort, limit: most, cursor };
    answer(response, ListExecutionsResponseSchema, await timeline.listExecutions(asked, callOf(request, response)));
  };
  return [
    {
      method: 'get',
      path: base,
      operation: {
        operationId: 'listExecutions',
        summary: 'Executions of the namespace, a page at a time, or as a stream of changes',
        description:
          'With `Accept: text/event-stream` a stream: each event `execution` has an Execution as its data, whatever the filters; ' +
          'each event `deleted` the `id` of one that was deleted (retention tells nothing). Ids of events are revisions to go on from. It goes on from Last-Event-ID or `since`, else from now.',
        tags,
        requestParams: { query: listQuery },
        responses: {
          200: {
            description: 'A page, or the stream',
            content: { 'application/json': { schema: executionList }, 'text/event-stream': { schema: z.string() } },
          },
          ...problems(400, 503, 504),
        },
      },
      handle: list,
    },
    {
      method: 'get',
      path: `${base}/{id}`,
      operation: {
        operationId: 'getExecution',
        summary: 'One execution',
        tags,
        requestParams: { path: executionId, query: plainQuery },
        responses: { 200: json('The execution', execution), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id } = readPath(executionId, request);
        const { execution: found } = await timeline.getExecution({ id }, callOf(request, response));
        if (found === undefined) throw new Problem('not_found', `there is no execution ${JSON.stringify(id)} in this namespace`);
        answer(response, ExecutionSchema, found);
      },
    },
    {
      method: 'get',
      path: `${base}/{id}/timeline`,
      operation: {
        operationId: 'getTimeline',
        summary: 'The execution as rows of a Gantt chart, or as columns to draw one from',
        description:
          `With \`Accept: ${columnsType}\` as columns: a twentieth of the size, with \`px\` and above 200,000 steps by level of ` +
          'detail; `detail` says what was left out. Rows are given up to 200,000 steps.',
        tags,
        requestParams: { path: executionId, query: timelineQuery },
        responses: {
          200: {
            description: 'The timeline',
            content: { 'application/json': { schema: timelineSchema }, [columnsType]: { schema: columns } },
          },
          304: { description: 'The columns named by If-None-Match are still right' },
          ...problems(400, 404, 413, 503, 504),
        },
      },
      async handle(request, response) {
        if (wantsColumns(request, response)) {
          await answerColumns(pictures, request, response);
          return;
        }
        const window = readWindow(request);
        const { id } = readPath(executionId, request);
        const found = await timeline.getTimeline({ id, ...window }, callOf(request, response));
        answer(response, GetTimelineResponseSchema, found);
      },
    },
    {
      method: 'get',
      path: `${base}/{id}/critical-path`,
      operation: {
        operationId: 'getCriticalPath',
        summary: 'The chain of work and waits that decided when the execution ended',
        tags,
        requestParams: { path: executionId, query: plainQuery },
        responses: { 200: json('The critical path', criticalPath), ...problems(400, 404, 503, 504) },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        const { id } = readPath(executionId, request);
        answer(response, GetCriticalPathResponseSchema, await timeline.getCriticalPath({ id }, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/{id}/bottlenecks`,
      operation: {
        operationId: 'getBottlenecks',
        summary: 'What the execution would win if a step, or all steps of a type, took no time',
        description:
          'Exact drag over the dependency graph, with slack and what could be done. When more than half of the makespan is ' +
          'accounted for by no step, none is named and `refusal` says why.',
        tags,
        requestParams: { path: executionId, query: bottleneckQuery },
        responses: { 200: json('Steps and types by drag', bottlenecks), ...problems(400, 404, 413, 503, 504) },
      },
      async handle(request, response) {
        const { limit = 0 } = readQuery(bottleneckQuery, request);
        const { id } = readPath(executionId, request);
        answer(response, GetBottlenecksResponseSchema, await timeline.getBottlenecks({ id, limit }, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/{id}/graph`,
      operation: {
        operationId: 'getGraph',
        summary: 'The steps and what had to wait for what',
        description:
          'As JSON, as DOT for Graphviz or as a Mermaid flowchart. Above the 500 edges or 50,000 characters that Mermaid draws, ' +
          'a box stands for all steps of a kind at a level, or of a kind; when that is still too much, the answer is 413.',
        tags,
        requestParams: { path: executionId, query: graphQuery },
        responses: {
          200: {
            description: 'The graph',
            content: {
              'application/json': { schema: graph },
              'text/vnd.graphviz': { schema: z.string() },
              'text/plain': { schema: z.string() },
            },
          },
          ...problems(400, 404, 413, 503, 504),
        },
      },
      async handle(request, response) {
        const { format = 'json' } = readQuery(graphQuery, request);
        const { id } = readPath(executionId, request);
        const found = await timeline.getGraph({ id, format }, callOf(request, response));
        if (format === 'json') answer(response, GetGraphResponseSchema, found);
        else response.type(format === 'dot' ? 'text/vnd.graphviz; charset=utf-8' : 'text/plain; charset=utf-8').send(found.text);
      },
    },
    {
      method: 'get',
      path: `${base}/{id}/stream`,
      operation: {
        operationId: 'streamExecution',
        summary: 'How the execution changes, as server-sent events',
        description:
          'Each event `change` has an ExecutionChange as its data and the revision as its id. It goes on from Last-Event-ID or ' +
          '`since`. The event `end` comes when the execution is finished and everything was sent. When a part of the fleet is ' +
          'away an event `problem` comes and the stream ends; connect again.',
        tags,
        requestParams: { path: executionId, query: streamQuery },
        responses: {
          200: {
            description: 'The stream',
            content: { 'text/event-stream': { schema: z.string(), itemSchema: executionChange } },
          },
          ...problems(400, 404),
        },
      },
      handle: (request, response) => {
        const { since: given } = readQuery(streamQuery, request);
        return streamExecution(timeline, closing, request, response, readPath(executionId, request).id, given);
      },
    },
  ];
}
