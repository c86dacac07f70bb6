import type { RetentionJson, SizeForecastJson } from '@tmws/contracts';
import { z } from 'zod';
import { count, int64, messageJson, word } from './message-json.ts';

const forecast = messageJson<SizeForecastJson>()({
  days: count('Of retention; 0 = for ever'),
  bytesPerDay: int64('The mean of the last seven full days, or of today alone where there is no other', '5242880'),
  measuredDays: count('Days that mean is of'),
  bytes: int64('When as much is dropped as comes; absent where nothing is dropped', '162529280').optional(),
}).meta({ id: 'SizeForecast' });

export const retention = messageJson<RetentionJson>()({
  namespace: word('Whose executions', 'default'),
  days: count('Executions are dropped so many days after the day they were first seen, once silent for as long; 0 = never'),
  own: z.boolean().meta({ description: "Set for this namespace; else it is the default's" }),
  defaultDays: count('Where a namespace says nothing'),
  revision: int64('Changes with each setting', '4'),
  executions: int64('Kept now', '1200'),
  facts: int64('Kept now', '48000'),
  bytes: int64('On disk, indexes included; of a day that several namespaces share, the part by their facts', '36700160'),
  oldestDay: word('The first day of which something is kept; empty if nothing is', '2026-02-01'),
  forecast: forecast.optional(),
}).meta({ id: 'Retention', description: 'How long executions are kept, and what they take' });

export const maxRetentionDays = 3650;

export const retentionRequest = z
  .strictObject(
    {
      days: z
        .int({ error: `must be a whole number from 1 to ${maxRetentionDays}, 0 for ever, or null for the default` })
        .min(0)
        .max(maxRetentionDays)
        .nullable()
        .meta({ description: 'From now on; 0 = for ever, null = as the default is', examples: [90] }),
    },
    { error: 'only days is taken' },
  )
  .meta({ id: 'RetentionRequest' });
