import { type DeadLetter, topics } from '@tmws/events';
import { z } from 'zod';

const id = z.string().meta({ description: '`topic/partition/offset` of the refused record', examples: ['tmws.workflow/3/17'] });

export const topic = z
  .enum(topics, { error: `must be one of ${topics.join(', ')}` })
  .optional()
  .meta({ description: '`tmws.workflow` if absent', examples: ['tmws.workflow'] });

export const deadLetterList = z
  .object({
    items: z.array(
      z
        .object({
          id,
          topic: z.string(),
          reason: z.string().meta({ description: 'Why it was refused', examples: ['data.stepId is missing'] }),
          kind: z.string().meta({ examples: ['invalid'] }),
          refusedAt: z.string().meta({ format: 'date-time', examples: ['2026-03-01T12:00:00.000Z'] }),
          key: z.string().optional(),
          headers: z.record(z.string(), z.string()),
          text: z.string().optional().meta({ description: 'The redacted record; absent if it is no text' }),
          sizeBytes: z.int(),
        })
        .meta({ id: 'DeadLetter', description: 'A record that could not be taken' }) satisfies z.ZodType<
        Omit<DeadLetter, 'key' | 'text'> & { key?: string | undefined; text?: string | undefined }
      >,
    ),
  })
  .meta({ id: 'DeadLetterList' });

const ids = z
  .array(z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' }), { error: 'must be a list of ids' })
  .min(1, { error: 'must hold at least one id' })
  .max(1000, { error: 'must hold at most 1000 ids' });

export const replayRequest = z
  .strictObject(
    {
      ids: ids.optional().meta({ examples: [['tmws.workflow/3/17']] }),
      all: z.literal(true, { error: 'must be true, or absent' }).optional(),
      topic,
    },
    { error: 'ids, all and topic are taken' },
  )
  .refine((given) => (given.ids === undefined) !== (given.all === undefined), {
    error: 'must hold either ids or all',
  })
  .meta({ id: 'ReplayRequest', description: 'Either `ids` or `all`' });

export const replayAnswer = z
  .object({
    replayed: z.int(),
    missing: z.array(z.string()).meta({ description: 'Not among the newest 1000' }),
    refused: z.array(z.object({ id, reason: z.string() })).meta({ description: 'Cannot be sent again, and why' }),
  })
  .meta({ id: 'ReplayAnswer' });
