// What is asked of rules.
import { z } from 'zod';

export const ruleKinds = ['sigma', 'correlation', 'preset', 'atr', 'built_in'] as const;

const ruleId = z
  .string({ error: 'must be the id of a rule' })
  .refine((id) => id !== '' && Buffer.byteLength(id) <= 512 && !id.includes('\0'), {
    error: 'must be 1 to 512 bytes without NUL',
  })
  .meta({ description: 'Of a rule that runs', examples: ['guessed'] });

/** Any id: percent-encode it. */
export const rulePath = z.object({ id: ruleId });

export const reloadRequest = z.strictObject({}, { error: 'no field is taken' }).meta({ id: 'ReloadRulesRequest' });

const time = z.iso
  .datetime({ offset: true, error: 'must be RFC 3339, like "2026-01-31T12:00:00Z"' })
  .meta({ examples: ['2026-03-01T12:00:00Z'] });
const said = z.string({ error: 'must be a text' }).max(1024, { error: 'must be at most 1024 characters' });
const most = 2000;
const textBytes = 1024 * 1024;

export const backtestRequest = z
  .strictObject(
    {
      ids: z
        .array(ruleId, { error: `must be at most ${most} ids of rules` })
        .max(most, { error: `must be at most ${most} ids of rules` })
        .optional()
        .meta({ description: 'Rules that run; with none of these and no text, all of them' }),
      text: z
        .string({ error: 'must be rules as YAML' })
        .refine((text) => Buffer.byteLength(text) <= textBytes, { error: 'must be at most 1 MiB' })
        .optional()
        .meta({ description: 'Rules that do not run, as YAML', examples: ['title: Guessed\n'] }),
      from: time.optional().meta({ description: 'At or after; absent: from the first event that is kept' }),
      to: time.optional().meta({ description: 'Before; absent: to now' }),
      labels: z
        .array(
          z.strictObject(
            {
              source: said.meta({ description: 'Of the event', examples: ['/gateway'] }),
              id: said.meta({ description: 'Of the event', examples: ['e-1'] }),
              malicious: z
                .boolean({ error: 'must be true or false' })
                .meta({ description: 'Whether a rule is right to find it', examples: [true] }),
            },
            { error: 'source, id and malicious are taken' },
          ),
          { error: 'must be a list of labels' },
        )
        .optional()
        .meta({ description: 'Labels of events, where they are known: by them precision is counted' }),
    },
    { error: 'ids, text, from, to and labels are taken' },
  )
  .meta({ id: 'BacktestRequest' });
