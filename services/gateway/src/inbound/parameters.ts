import { parseTime } from '@tmws/events';
import { z } from 'zod';

const once = 'must be a text, given once';

/** `?namespace=`, which every operation takes. Its value is read by libs/http, where the header beats it. */
export const namespaced = {
  namespace: z
    .string({ error: once })
    .optional()
    .meta({
      description:
        'Whose data; the header `x-tmws-namespace` beats it, what an event itself says beats both. `default` if absent',
      examples: ['default'],
    }),
};

/** Any execution id: percent-encode it. */
export const executionId = z.object({
  id: z
    .string()
    .refine((id) => Buffer.byteLength(id) <= 512 && !id.includes('\0'), { error: 'must be 1 to 512 bytes without NUL' })
    .meta({ description: 'The execution, percent-encoded', examples: ['run-42'] }),
});

export const plain = (description: string, example: string) =>
  z
    .string({ error: once })
    .max(1024, { error: 'must be at most 1024 characters' })
    .refine((text) => !text.includes('\0'), { error: 'must be text without NUL' })
    .optional()
    .meta({ description, examples: [example] });

/** An RFC 3339 time as ns since the epoch. */
export const time = (field: string, description: string) =>
  z
    .string({ error: once })
    .meta({ format: 'date-time', examples: ['2026-03-01T12:00:00Z'] })
    .transform((text) => parseTime(text, field))
    .optional()
    .meta({ description });

/** A whole number from 1 to `max`. */
export const limit = (defaultValue: number, max: number) => {
  const error = `must be a whole number from 1 to ${max}`;
  return z
    .preprocess(
      (text) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text),
      z
        .int({ error })
        .min(1, { error })
        .max(max, { error })
        .meta({ examples: [defaultValue] }),
    )
    .optional()
    .meta({ description: `How many at most; ${defaultValue} if absent` });
};

/** A revision to go on from. */
export const since = (absent: string) =>
  z
    .string({ error: once })
    .regex(/^\d{1,18}$/, { error: 'must be a revision: up to 18 digits' })
    .meta({ examples: ['1042'] })
    .transform((text) => BigInt(text))
    .optional()
    .meta({ description: `Stream from this revision on; the header Last-Event-ID beats it. Absent: ${absent}` });

/** Some of some words, repeated or with commas between. */
export const someOf = <const T extends readonly string[]>(words: T, description: string) =>
  z
    .preprocess(
      (given) =>
        (typeof given === 'string' ? [given] : Array.isArray(given) ? given : []).flatMap((text: string) => text.split(',')),
      z.array(z.enum(words, { error: `must be some of ${words.join(', ')}` })).meta({ examples: [words.slice(0, 1)] }),
    )
    .optional()
    .meta({ description });
