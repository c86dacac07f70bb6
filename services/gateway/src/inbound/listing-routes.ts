import { toJsonString } from '@bufbuild/protobuf';
import {
  type Execution,
  ExecutionSchema,
  GetDurationsResponseSchema,
  SuggestResponseSchema,
  SummarizeResponseSchema,
} from '@tmws/contracts';
import { z } from 'zod';
import type { Listing } from '../ports.ts';
import { answer } from './answer.ts';
import { callOf } from './call-of.ts';
import { csvHeader, csvLine } from './execution-csv.ts';
import { filterParameters, plainQuery } from './execution-parameters.ts';
import { namespaced } from './parameters.ts';
import { readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { durations, suggestions, summary } from './schemas/listing.ts';
import { problems } from './schemas/problem.ts';
import { streamLines } from './stream-lines.ts';

const tags = ['executions'];
const base = '/api/v1/executions';
const taken = 'workflow, status, from, to, q and namespace are taken';
const summaryQuery = z.strictObject({ ...namespaced, ...filterParameters }, { error: taken });
const formats = ['jsonl', 'csv'] as const;
const exportQuery = z.strictObject(
  {
    ...namespaced,
    ...filterParameters,
    format: z
      .enum(formats, { error: `must be one of ${formats.join(', ')}` })
      .optional()
      .meta({ description: '`jsonl` if absent' }),
  },
  { error: `format, ${taken}` },
);
const suggestQuery = z.strictObject(
  {
    ...namespaced,
    q: z
      .string({ error: 'must be a text, given once' })
      .max(1024, { error: 'must be at most 1024 characters' })
      .optional()
      .meta({ description: 'As far as it is written', examples: ['st'] }),
    cursor: z
      .string({ error: 'must be given once' })
      .regex(/^\d{1,4}$/, { error: 'must be a place in q: a whole number' })
      .transform(Number)
      .optional()
      .meta({ description: 'Where one writes, in UTF-16 units; the end if absent', examples: ['2'] }),
  },
  { error: 'q, cursor and namespace are taken' },
);

/** Which executions, as the service is asked. */
const filterOf = (given: Omit<z.output<typeof summaryQuery>, 'namespace'>) => {
  const { workflow = '', status = [], from: fromNs = 0n, to: toNs = 0n, q = '' } = given;
  return { q, workflow, statuses: status, fromNs, toNs };
};

/** Executions as a whole: how many of what, how a query may go on, how long they take, and all of them as a file. */
export function listingRoutes({ listing }: { listing: Listing }): Route[] {
  return [
    {
      method: 'get',
      path: `${base}/summary`,
      operation: {
        operationId: 'summarizeExecutions',
        summary: 'How many executions match, by what they are and when they started, and what their failures share',
        description:
          'Counts are exact up to 50,000 executions in the range of time; above that a sample is counted, scaled up, and `estimated` ' +
          'says so. An execution whose id is a word of this API (`summary`, `suggest`, `durations`, `export`) is found with `q=id:…`.',
        tags,
        requestParams: { query: summaryQuery },
        responses: {
          200: {
            description: 'Counts and groups',
            content: { 'application/json': { schema: summary } },
          },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const filter = filterOf(readQuery(summaryQuery, request));
        answer(response, SummarizeResponseSchema, await listing.summarize({ filter }, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/suggest`,
      operation: {
        operationId: 'suggestQuery',
        summary: 'How a query may go on where one writes, and what is wrong with it',
        tags,
        requestParams: { query: suggestQuery },
        responses: {
          200: {
            description: 'Keys, or values of the key that is being written',
            content: { 'application/json': { schema: suggestions } },
          },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const { q = '', cursor = q.length } = readQuery(suggestQuery, request);
        answer(response, SuggestResponseSchema, await listing.suggest({ q, cursor }, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/durations`,
      operation: {
        operationId: 'getDurations',
        summary: 'How long executions of each workflow took, of those that completed last',
        description: 'Among the 20,000 newest executions; the last 200 completed ones of each workflow.',
        tags,
        requestParams: { query: plainQuery },
        responses: {
          200: {
            description: 'Percentiles by workflow',
            content: { 'application/json': { schema: durations } },
          },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        readQuery(plainQuery, request);
        answer(response, GetDurationsResponseSchema, await listing.getDurations({}, callOf(request, response)));
      },
    },
    {
      method: 'get',
      path: `${base}/export`,
      operation: {
        operationId: 'exportExecutions',
        summary: 'All executions that match, newest first, as a file',
        description:
          'Sent as it is read, at the pace it is taken. `jsonl` has an Execution a line. `csv` is RFC 4180 with a header; a text that a ' +
          "spreadsheet would take for a formula has an apostrophe before it. No one instant's picture: what starts meanwhile is not in it. " +
          'An answer that breaks off ends without its last chunk.',
        tags,
        requestParams: { query: exportQuery },
        responses: {
          200: {
            description: 'The file',
            content: {
              'application/jsonl': { schema: z.string(), example: '{"id":"run-42","status":"failed"}\n' },
              'text/csv': { schema: z.string(), example: `${csvHeader}run-42,nightly,etl,7,failed\r\n` },
            },
          },
          ...problems(400, 503, 504),
        },
      },
      async handle(request, response) {
        const { format = 'jsonl', ...given } = readQuery(exportQuery, request);
        const pages = listing.export({ filter: filterOf(given) }, callOf(request, response));
        const csv = format === 'csv';
        await streamLines(response, pages, {
          contentType: csv ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
          fileName: `executions.${format}`,
          before: csv ? csvHeader : '',
          textOf: ({ items }) => items.map(csv ? csvLine : jsonLine).join(''),
        });
      },
    },
  ];
}

const jsonLine = (execution: Execution): string => `${toJsonString(ExecutionSchema, execution, { alwaysEmitImplicit: true })}\n`;
