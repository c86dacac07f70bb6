// What is asked of messages.
import { z } from 'zod';

const id = z
  .string({ error: 'must be the id of a message' })
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'must be the id of a message: a UUID in small letters' })
  .meta({ description: 'Of a message', examples: ['0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11'] });

export const notificationPath = z.object({ id });

export const replayNotificationsRequest = z
  .strictObject(
    {
      ids: z
        .array(id, { error: 'must be at most 1000 ids of dead letters' })
        .max(1000, { error: 'must be at most 1000 ids of dead letters' })
        .optional()
        .meta({ description: 'Which; without, those that the other fields choose' }),
      receiver: z
        .string({ error: 'must be the name of a receiver' })
        .max(1024, { error: 'must be at most 1024 characters' })
        .optional()
        .meta({ description: 'Exactly this receiver; absent: any', examples: ['on-call'] }),
      since: z.iso
        .datetime({ offset: true, error: 'must be RFC 3339, like "2026-01-31T12:00:00Z"' })
        .optional()
        .meta({ description: 'Given up since then; absent: ever', examples: ['2026-03-01T12:00:00Z'] }),
      all: z
        .boolean({ error: 'must be true or false' })
        .optional()
        .meta({ description: 'Must be true where no id is: all that the fields choose, at most 10,000', examples: [true] }),
    },
    { error: 'ids, receiver, since and all are taken' },
  )
  .meta({ id: 'ReplayNotificationsRequest' });
