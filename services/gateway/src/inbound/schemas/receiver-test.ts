import type { TestedIntegrationJson, TestReceiverResponseJson } from '@tmws/contracts';
import { z } from 'zod';
import { count, messageJson, word } from './message-json.ts';

const named = (what: string, example: string) =>
  z
    .string({ error: `must be the name of ${what}` })
    .refine((name) => name !== '' && Buffer.byteLength(name) <= 512 && !name.includes('\0'), {
      error: 'must be 1 to 512 bytes without NUL',
    })
    .meta({ examples: [example] });

/** Any name: percent-encode it. */
export const receiverPath = z.object({ name: named('a receiver', 'on-call').describe('The receiver, percent-encoded') });

const said = z.string({ error: 'must be a text' }).max(4096, { error: 'must be at most 4096 characters' });

export const testReceiverRequest = z
  .strictObject(
    {
      integration: named('an integration', 'slack/0').optional().describe('Only this one; absent: all'),
      labels: z
        .record(said, said, { error: 'must be an object of names and texts' })
        .optional()
        .meta({
          description: 'Of the alert that is told; `alertname` is TestAlert and `severity` info unless they stand here',
          examples: [{ severity: 'info' }],
        }),
    },
    { error: 'integration and labels are taken' },
  )
  .meta({ id: 'TestReceiverRequest' });

const tested = messageJson<TestedIntegrationJson>()({
  name: word('Its kind and its place in the receiver', 'slack/0'),
  sent: z.boolean().meta({ description: 'The receiver took it', examples: [true] }),
  receipt: word('What the receiver answered', '200 ok'),
  error: word('Why it was not sent'),
  tookMs: count('How long it took'),
}).meta({ id: 'TestedIntegration' });

export const testedReceiver = messageJson<TestReceiverResponseJson>()({ items: z.array(tested) }).meta({ id: 'TestedReceiver' });
