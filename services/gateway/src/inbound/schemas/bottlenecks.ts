import type { FeasibilityJson, GetBottlenecksResponseJson, StepDragJson, StragglerJson, TypeDragJson } from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

const ns = '880000000000';

const feasibility = messageJson<FeasibilityJson>()({
  word: word('none (no drag), shorten (it mostly ran) or wait (it mostly waited)', 'wait'),
  waitKind: word('Of wait: the segment kind that took the most; else empty', 'queue'),
  reason: word('In words', '71 % of its time is queue, 14 % work; at most 1 m 10 s of its 1 m 10 s can be won'),
}).meta({ id: 'Feasibility', description: 'What could be done about a step' });

export const stepDrag = messageJson<StepDragJson>()({
  stepKey: word('Its row of the timeline', '0f4c2d9a7be1835560d1c9e24ab3f798'),
  stepId: word('As the engine named it', 'search-web'),
  name: word('For people', 'search web'),
  kind: word('llm, tool, agent, http, task, …', 'tool'),
  durationNs: int64('From its release to its last end, waits and tries included; of a step with steps inside, its own time', ns),
  dragNs: int64('By how much the longest path would be shorter if the step took no time', '7000000000'),
  slackNs: int64('How much longer it could take before the longest path grows', '0'),
  onCriticalPath: z.boolean().meta({ description: 'On the critical path', examples: [true] }),
  feasibility: feasibility.optional(),
  resourceDragNs: int64(
    'Drag where what steps waited for on workers and pools counts as a dependency too, in the order seen. Absent where clocks make these go in a circle',
    '7000000000',
  ).optional(),
  resourceSlackNs: int64('Slack likewise', '0').optional(),
}).meta({ id: 'StepDrag' });

export const straggler = messageJson<StragglerJson>()({
  stepKey: word('Its row of the timeline', '0f4c2d9a7be1835560d1c9e24ab3f798'),
  stepId: word('As the engine named it', 'search-web'),
  name: word('For people', 'search web'),
  kind: word('llm, tool, agent, http, task, …', 'tool'),
  by: word('What makes its like: the same name, or the same kind and depth', 'name'),
  siblings: count('How many of its like completed, at least 8'),
  medianNs: int64('Their median', '10500000000'),
  durationNs: int64('From its first start to its last end', '60000000000'),
  excessNs: int64('durationNs − medianNs', '49500000000'),
  z: z.number().meta({
    description: 'Distance on the logarithm of durations, by the median absolute deviation; beyond 3.5. At most 1e6',
    examples: [24.7],
  }),
  running: z.boolean().meta({ description: 'It still runs: its duration is the time so far', examples: [false] }),
  dragNs: int64('What the execution would win without it. Absent where no bottleneck is named', '48000000000').optional(),
  noImpact: z.boolean().meta({ description: 'Its drag is known to be 0', examples: [false] }),
}).meta({ id: 'Straggler', description: 'A step far beyond its like' });

const typeDrag = messageJson<TypeDragJson>()({
  by: word('kind, or name (of names that several steps have)', 'kind'),
  value: word('The kind or name', 'tool'),
  steps: count('How many steps'),
  durationNs: int64('The sum over its steps', ns),
  dragNs: int64('By how much the longest path would be shorter if they all took no time', ns),
}).meta({ id: 'TypeDrag' });

export const bottlenecks = messageJson<GetBottlenecksResponseJson>()({
  makespanNs: int64('From the first start to the last end', '920000000000'),
  asOfNs: int64('The instant the answer holds for'),
  criticalLengthNs: int64('The longest path of the dependency graph: what the steps explain of the makespan', '920000000000'),
  unknownShare: z.number().meta({ description: 'Part of the makespan that no step accounts for, 0 to 1', examples: [0.02] }),
  refusal: word('Why none is named; empty when they are'),
  steps: z.array(stepDrag).meta({ description: 'Greatest drag first' }),
  types: z.array(typeDrag).meta({ description: 'Greatest drag first, at most 50' }),
  stragglers: z
    .array(straggler)
    .meta({ description: 'Steps far beyond their like, also when none is named; greatest excess first, at most 50' }),
  advice: word('What to do about the execution as a whole; empty where nothing is known'),
}).meta({ id: 'Bottlenecks' });
