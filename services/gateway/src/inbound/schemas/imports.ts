import type { ImportedExecutionJson, ImportJson, OperationJson, OperationProblemJson } from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

const time = (description: string) =>
  z.string().meta({ description, format: 'date-time', examples: ['2026-03-01T12:00:00.000Z'] });

const importedExecution = messageJson<ImportedExecutionJson>()({
  id: word('As the file has it: trace id, run id, execution id; else the format and 16 hex digits of its SHA-256', 'run-42'),
  steps: count('Steps the file tells of'),
  reconstructed: z
    .boolean()
    .meta({ description: 'The file holds no start times: they were made from dependencies and durations' }),
}).meta({ id: 'ImportedExecution' });

/** `import` is a word of the language. */
export const importSchema = messageJson<ImportJson>()({
  id: word('The same for the same content in the same namespace', 'imp-5d41402abc4b2a76'),
  namespace: word('Whose', 'default'),
  name: word("The file's name as it was given", 'history.json'),
  sha256: word('Of the content, before compression', 'f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a080'),
  sizeBytes: int64('Of the content', '1224382'),
  format: word('wfformat, temporal, jaeger or cloudevents', 'temporal'),
  executionCount: count('Executions the file tells of'),
  stepCount: count('Steps of all of them'),
  executions: z.array(importedExecution).meta({ description: 'The first 1000' }),
  importedAt: time('When it was done'),
}).meta({
  id: 'Import',
  description: 'A recorded file that was imported. The file is kept and never given back: it may hold secrets',
});

export const importList = z
  .object({ items: z.array(importSchema), nextCursor: word('Of the next page; empty at the end') })
  .meta({ id: 'ImportList' });

const operationProblem = messageJson<OperationProblemJson>()({
  type: word('', 'urn:tmws:problem:invalid'),
  title: word('', 'The request is not valid'),
  status: count('The HTTP status it would have as an answer'),
  detail: word(
    'What is wrong, what is allowed, what to do',
    'line 17: time is missing; a recorded event must say when it happened',
  ),
  kind: word('', 'invalid'),
  field: word('The field it lies in; empty if none'),
}).meta({ id: 'OperationProblem' });

export const operationStatuses = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export const operation = messageJson<OperationJson>()({
  id: word("Of an import: the import's id", 'imp-5d41402abc4b2a76'),
  namespace: word('Whose', 'default'),
  kind: word('import', 'import'),
  status: word(operationStatuses.join(', '), 'running'),
  name: word('What it works on', 'history.json'),
  done: count('How much is done'),
  total: count('Of how much; 0 until that is known'),
  unit: word('What is counted', 'facts'),
  rate: z
    .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
    .meta({ description: 'Units a second', examples: [8200.5] }),
  etaSeconds: z
    .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
    .optional()
    .meta({ description: 'How long it will take; absent until that can be told', examples: [1.4] }),
  result: importSchema.optional(),
  problem: operationProblem.optional(),
  createdAt: time('When it was asked for'),
  startedAt: time('When it began').optional(),
  finishedAt: time('When it ended').optional(),
}).meta({ id: 'Operation', description: 'Long work: how far it is, and how it ended' });

export const operationList = z
  .object({ items: z.array(operation), nextCursor: word('Of the next page; empty at the end') })
  .meta({ id: 'OperationList' });
