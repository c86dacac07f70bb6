import type {
  AttemptBarJson,
  GetCriticalPathResponseJson,
  GetTimelineResponseJson,
  SegmentJson,
  TimelineRowJson,
  WaitSpanJson,
  WatchExecutionResponseJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { execution, stepError, usage } from './execution.ts';
import { count, int64, messageJson, word } from './message-json.ts';

const segmentKinds = 'run, orchestration, queue, rate_limit, retry_backoff, timer, approval, external, debug_paused or unknown';
const stepKey = '0f4c2d9a7be1835560d1c9e24ab3f798';

const waitSpan = messageJson<WaitSpanJson>()({
  kind: word('queue, rate_limit, retry_backoff, timer, approval, external, debug_paused or unknown', 'rate_limit'),
  fromNs: int64('ns since the epoch'),
  toNs: int64('Absent: it still waits').optional(),
  reason: word('In words', '429 from the model'),
}).meta({ id: 'WaitSpan' });

const attemptBar = messageJson<AttemptBarJson>()({
  attempt: count('Which try, from 1'),
  status: word('Of this try', 'completed'),
  readyNs: int64('When its predecessors had ended').optional(),
  queuedNs: int64('When it was put into a queue').optional(),
  startNs: int64('When it began to run').optional(),
  endNs: int64('Absent: still open, draw it to asOfNs').optional(),
  waits: z.array(waitSpan),
  worker: word('Where it ran', 'w-3'),
  pool: word('A pool of equal workers', 'browser'),
  error: stepError.optional(),
  flags: z.array(z.string()).meta({ description: 'Corrections: end_before_start, skew_clamped', examples: [[]] }),
  usage: usage.optional(),
}).meta({ id: 'AttemptBar', description: 'One try of a step' });

export const timelineRow = messageJson<TimelineRowJson>()({
  stepKey: word('32 hex digits: SHA-256 over [path, stepId, iteration]', stepKey),
  stepId: word('As the engine named it', 'search-web'),
  name: word('For people', 'search web'),
  kind: word('llm, tool, agent, http, task, …', 'tool'),
  path: z.array(z.string()).meta({ examples: [['plan']] }),
  iteration: count('Round of a loop, from 0'),
  parentStepKey: word('The row it lies under; empty at the top'),
  depth: count('0 at the top'),
  status: word('Of its highest attempt', 'completed'),
  attempts: z.array(attemptBar),
  dependsOn: z.array(z.string()).meta({ description: 'Step keys', examples: [[]] }),
  critical: z.boolean().meta({ description: 'On the critical path', examples: [true] }),
}).meta({ id: 'TimelineRow', description: 'One step: a row of the Gantt chart' });

export const timeline = messageJson<GetTimelineResponseJson>()({
  execution: execution.optional(),
  asOfNs: int64('The instant the answer holds for: open bars end here'),
  startNs: int64('Where the axis begins'),
  endNs: int64('Where the axis ends'),
  rows: z.array(timelineRow),
}).meta({ id: 'Timeline' });

const segment = messageJson<SegmentJson>()({
  stepKey: word('Empty where no step accounts for the time', stepKey),
  stepId: word('As the engine named it', 'search-web'),
  attempt: count('Which try'),
  kind: word(segmentKinds, 'run'),
  startNs: int64('ns since the epoch'),
  endNs: int64('ns since the epoch'),
  reason: word('In words'),
  releasedBy: word(
    'On the first segment of a step, what let it go on: dependency (it ended), retry (its try before) or resource (a step left the ' +
      'full worker or pool it was queued for); else empty',
    'dependency',
  ),
  releasedByStepKey: word('Of the step that did; else empty', 'd1c9e24ab3f7980f4c2d9a7be1835560'),
}).meta({ id: 'Segment' });

export const criticalPath = messageJson<GetCriticalPathResponseJson>()({
  makespanNs: int64('The sum of all segments', '4200000000'),
  asOfNs: int64('The instant the answer holds for'),
  segments: z.array(segment).meta({ description: 'In order of time, without gaps or overlaps' }),
  nsByKind: z
    .record(z.string(), int64('ns', '4200000000'))
    .meta({ description: 'ns by kind', examples: [{ run: '4200000000' }] }),
}).meta({ id: 'CriticalPath' });

export const executionChange = messageJson<WatchExecutionResponseJson>()({
  execution: execution.optional(),
  rows: z.array(timelineRow).meta({ description: 'Rows that changed, whole, without `critical`' }),
  asOfNs: int64('The instant it holds for'),
}).meta({ id: 'ExecutionChange', description: 'Data of the event `change`' });
