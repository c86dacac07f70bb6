// What changes alerts.
import { z } from 'zod';

const fingerprint = z.string().regex(/^[0-9a-f]{16}$/, { error: 'must be a fingerprint: 16 hex digits' });
const fingerprints = z
  .array(fingerprint, { error: 'must be 1 to 1000 fingerprints' })
  .min(1, { error: 'must be 1 to 1000 fingerprints' })
  .max(1000, { error: 'must be 1 to 1000 fingerprints' })
  .meta({ description: 'Of alerts that fire', examples: [['7f1c6f3a9d2b4e80']] });
const said = z.string({ error: 'must be a text' }).max(4000, { error: 'must be at most 4000 characters' });
const comment = said.optional().meta({ description: 'Why; it is in the history', examples: ['on it'] });

export const fingerprintPath = z.object({ fingerprint: fingerprint.meta({ examples: ['7f1c6f3a9d2b4e80'] }) });

export const acknowledgeRequest = z
  .strictObject(
    {
      fingerprints,
      comment,
      assign: z
        .boolean({ error: 'must be true or false' })
        .optional()
        .meta({ description: 'Also takes them: the caller becomes the assignee of those that have none', examples: [true] }),
    },
    { error: 'fingerprints, comment and assign are taken' },
  )
  .meta({ id: 'AcknowledgeRequest' });

export const unacknowledgeRequest = z
  .strictObject({ fingerprints, comment }, { error: 'fingerprints and comment are taken' })
  .meta({ id: 'UnacknowledgeRequest' });

export const assignRequest = z
  .strictObject(
    {
      fingerprints,
      assignee: z
        .string({ error: 'must be a name, "me", or empty for nobody' })
        .max(256, { error: 'must be at most 256 characters' })
        .meta({ description: "Empty: nobody's any more. `me`: the caller", examples: ['me'] }),
      comment,
    },
    { error: 'fingerprints, assignee and comment are taken' },
  )
  .meta({ id: 'AssignRequest' });

export const commentRequest = z
  .strictObject(
    { fingerprints, text: said.min(1, { error: 'must be 1 to 4000 characters' }).meta({ examples: ['restarted the api'] }) },
    { error: 'fingerprints and text are taken' },
  )
  .meta({ id: 'CommentRequest' });

export const judgeRequest = z
  .strictObject(
    {
      fingerprints,
      verdict: z
        .enum(['true_positive', 'false_positive', ''], {
          error: 'must be true_positive, false_positive, or empty to take it back',
        })
        .meta({ description: 'Whether the rule was right; empty takes the verdict back', examples: ['true_positive'] }),
      comment,
    },
    { error: 'fingerprints, verdict and comment are taken' },
  )
  .meta({ id: 'JudgeRequest' });

export const explainRequest = z
  .strictObject(
    {
      labels: z
        .record(z.string(), z.string({ error: 'must be a text' }), { error: 'must be an object of texts' })
        .meta({ description: 'Of an alert there might be', examples: [{ severity: 'critical', job: 'api' }] }),
    },
    { error: 'only labels is taken' },
  )
  .meta({ id: 'ExplainRequest' });
