import type { ProblemDocument } from '@tmws/problems';
import { z } from 'zod';
import { problem } from './problem.ts';

const example = {
  specversion: '1.0',
  id: '7f0c',
  source: '/engines/main',
  type: 'tmws.step.completed',
  subject: 'run-42',
  time: '2026-03-01T12:00:04.2Z',
  data: { executionId: 'run-42', stepId: 'search-web', startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:00:04.2Z' },
};

const cloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string().meta({ description: 'URI reference of who says it' }),
    type: z.string().meta({ description: '`tmws.execution.started`, `tmws.step.completed`, …' }),
    subject: z.string().optional().meta({ description: 'The execution id; filled in if absent' }),
    time: z.string().optional().meta({ description: 'RFC 3339; the instant of arrival if absent' }),
    datacontenttype: z.string().optional().meta({ description: '`application/json` if absent, or `application/protobuf`' }),
    tmwsnamespace: z.string().optional(),
    data: z
      .unknown()
      .optional()
      .meta({ description: 'tmws.events.v1.StepEvent, ExecutionEvent or StepsReported as proto3 JSON' }),
    data_base64: z.string().optional(),
  })
  .meta({ id: 'CloudEvent', description: 'CloudEvents 1.0, JSON format', examples: [example] });

/** The bodies of the three modes. */
export const eventRequestContent = {
  'application/cloudevents+json': { schema: cloudEvent, example },
  'application/cloudevents-batch+json': { schema: z.array(cloudEvent), example: [example] },
  'application/json': { schema: z.unknown().meta({ description: 'Binary mode: the data alone' }), example: example.data },
  'application/protobuf': { schema: z.string().meta({ description: 'Binary mode: the message', format: 'binary' }) },
};

const accepted = z.object({ id: z.string().meta({ examples: ['7f0c'] }), status: z.literal('accepted') });
const refused = z.object({
  id: z.string().meta({ description: 'Empty if the event has none that can be read', examples: ['7f0d'] }),
  status: z.literal('refused'),
  problem,
});

export const eventResults = z
  .object({ items: z.array(z.discriminatedUnion('status', [accepted, refused])) })
  .meta({ id: 'EventResults' }) satisfies z.ZodType<{
  items: ({ id: string; status: 'accepted' } | { id: string; status: 'refused'; problem: ProblemDocument })[];
}>;
