import type {
  DataAccessJson,
  GetStepResponseJson,
  StepAttemptJson,
  StepFactJson,
  StepPayloadJson,
  StepRefJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { stepDrag, straggler } from './bottlenecks.ts';
import { count, int64, messageJson, word } from './message-json.ts';
import { timelineRow } from './timeline.ts';
import { stepWaits } from './waits.ts';

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const stepFact = messageJson<StepFactJson>()({
  type: word(
    'planned, ready, queued, started, paused, resumed, retry_scheduled, completed, failed, cancelled, timed_out or skipped',
    'completed',
  ),
  timeNs: int64('When it happened'),
  source: word('Of the event', '/agents/research'),
  eventId: word('Of the event', 'e-42'),
  seq: int64('Its place among all facts of the execution', '7'),
}).meta({ id: 'StepFact' });

const stepPayload = messageJson<StepPayloadJson>()({
  // JSON of any sort.
  inline: z
    .any()
    .optional()
    .meta({ description: 'The value, up to 4 KiB of JSON', examples: [{ q: 'x' }] }),
  ref: word('Of a larger one: the path it is answered at; else empty'),
  sha256: word('Of the JSON of what is kept; empty where nothing of the value is', hash),
  bytes: int64('Length of that', '9'),
  truncated: z.boolean().meta({ description: 'What is kept is only the beginning of the whole', examples: [false] }),
  wholeRef: word('Where the whole lies, as the engine told', 's3://b/out'),
  wholeSha256: word('Of the whole, as the engine or the door told', hash),
  wholeBytes: int64('Of the whole', '70000').optional(),
}).meta({ id: 'StepPayload', description: 'A value as it is kept: redacted, and of one above 64 KiB the beginning' });

const dataAccess = messageJson<DataAccessJson>()({
  key: word('An address', 's3://bucket/key'),
  hash: word('Of what lay there'),
  bytes: int64('Its size', '12'),
}).meta({ id: 'DataAccess' });

const stepAttempt = messageJson<StepAttemptJson>()({
  attempt: count('From 1; 0 is the plan'),
  status: word('Of this try', 'completed'),
  facts: z.array(stepFact).meta({ description: 'What events told, oldest first' }),
  input: stepPayload.optional(),
  output: stepPayload.optional(),
  attributes: stepPayload.optional(),
  reads: z.array(dataAccess),
  writes: z.array(dataAccess),
}).meta({ id: 'StepAttempt' });

const stepRef = messageJson<StepRefJson>()({
  stepKey: word('Its row of the timeline', '0f4c2d9a7be1835560d1c9e24ab3f798'),
  stepId: word('As the engine named it', 'plan'),
  name: word('For people', 'plan'),
  status: word('Of its highest attempt', 'completed'),
}).meta({ id: 'StepRef' });

export const step = messageJson<GetStepResponseJson>()({
  row: timelineRow.optional(),
  asOfNs: int64('The instant the answer holds for'),
  attempts: z.array(stepAttempt).meta({ description: 'Lowest first' }),
  dependsOn: z.array(stepRef),
  dependents: z.array(stepRef).meta({ description: 'At most 1,000' }),
  waits: stepWaits.optional().meta({ description: 'Absent if it never waited' }),
  drag: stepDrag.optional().meta({ description: 'Absent where no bottleneck is named, or it took no time' }),
  straggler: straggler.optional().meta({ description: 'Absent if it is none' }),
  factsLeftOut: count('Of the oldest facts, left out because there are more than 2,000'),
}).meta({ id: 'Step', description: 'A step with its attempts, what was told of each, its waits and what it cost' });
