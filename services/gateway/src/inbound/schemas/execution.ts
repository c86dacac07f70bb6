import type {
  ExecutionJson,
  FirstFailureJson,
  ListExecutionsResponseJson,
  OriginJson,
  StepErrorJson,
  UsageJson,
  WorkflowJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

export const executionStatuses = ['planned', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'unknown'] as const;

export const workflow = messageJson<WorkflowJson>()({
  name: word('The same in every run', 'research-agent'),
  version: word('Of its definition', '7'),
}).meta({ id: 'Workflow' });

export const stepError = messageJson<StepErrorJson>()({
  type: word('A class', 'Timeout'),
  message: word('What people read', 'the tool did not answer in 30 s'),
  detail: word('Stack or details'),
}).meta({ id: 'StepError' });

export const usage = messageJson<UsageJson>()({
  cpuSeconds: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).meta({ examples: [1.2] }),
  memoryBytes: int64('Peak resident memory', '73400320'),
  tokens: int64('Tokens of models', '1834'),
  costUsd: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).meta({ examples: [0.004] }),
}).meta({ id: 'Usage' });

const origin = messageJson<OriginJson>()({
  format: word('wfformat, temporal, jaeger or cloudevents', 'wfformat'),
  importId: word('The import, as /api/v1/imports names it', 'imp-5f3b1c0d9e8a7b64'),
  reconstructed: z.boolean().meta({ description: 'The recording holds no start times: the timeline is made from durations' }),
  note: word('What to know of it'),
  recordedMakespanNs: int64('What the recording says the run took, where that is another number', '437000000000').optional(),
}).meta({ id: 'Origin', description: 'The recording an execution was imported from' });

const firstFailure = messageJson<FirstFailureJson>()({
  stepKey: word('As the timeline has it', '5f3b1c0d9e8a7b645f3b1c0d9e8a7b64'),
  step: word('Its name, or its id where it has none', 'tool.search'),
  error: stepError.optional(),
}).meta({
  id: 'FirstFailure',
  description: 'The step of a failed execution that failed first and stayed so; its error without details',
});

export const execution = messageJson<ExecutionJson>()({
  id: word('Unique in its namespace', 'run-42'),
  namespace: word('Whose it is', 'default'),
  workflow: workflow.optional(),
  name: word('For people', 'research-agent'),
  status: word(`One of ${executionStatuses.join(', ')}`, 'running'),
  startedAtNs: int64('Absent while unknown').optional(),
  finishedAtNs: int64('Absent while it runs').optional(),
  parentExecutionId: word('The execution that started it; empty if none'),
  stepCount: count('Steps seen or planned'),
  stepsByStatus: z.record(z.string(), z.int().min(0)).meta({ description: 'Steps by status', examples: [{ completed: 3 }] }),
  revision: int64('Grows with every change', '1042'),
  makespanNs: int64('From the first start to the last end, or to now while it runs', '4200000000').optional(),
  error: stepError.optional(),
  startedAt: word('RFC 3339; absent while unknown', '2026-03-01T12:00:00Z').optional(),
  finishedAt: word('RFC 3339; absent while it runs', '2026-03-01T12:00:04.2Z').optional(),
  origin: origin.optional(),
  firstFailure: firstFailure.optional(),
}).meta({ id: 'Execution', description: 'A run of a workflow' });

export const executionList = messageJson<ListExecutionsResponseJson>()({
  items: z.array(execution),
  nextCursor: word('For the next page; empty at the end'),
  revision: int64('Stream from here and nothing is missed', '1042'),
}).meta({ id: 'ExecutionList' });
