import type { RetentionJson } from '@tmws/contracts';
import { sizeText } from '../size-text.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printObject } from '../output.ts';

const path = '/api/v1/retention';

/** `tmws retention get`: how long executions are kept, what they take and what they will take. */
export async function retentionGet(context: Context, { days }: { days?: number }): Promise<void> {
  await print(context, await context.client().get<RetentionJson>(path, { days }));
}

/** `tmws retention set DAYS`: keeps them so long from now on. */
export async function retentionSet(context: Context, text: string): Promise<void> {
  if (text !== 'default' && !/^\d{1,4}$/.test(text))
    throw Failure.of('invalid', `days must be 0 to 3650, or default (got ${JSON.stringify(text)})`, undefined, exitCodes.usage);
  await print(context, await context.client().put<RetentionJson>(path, { days: text === 'default' ? null : Number(text) }));
}

async function print(context: Context, kept: RetentionJson): Promise<void> {
  const { days = 0, own = false, executions = '0', facts = '0', bytes = '0', oldestDay = '', forecast = {} } = kept;
  const { bytesPerDay = '0', measuredDays = 0, bytes: then } = forecast;
  const rate = `${sizeText(Number(bytesPerDay))} a day (mean of ${measuredDays} ${measuredDays === 1 ? 'day' : 'days'})`;
  await printObject(context, kept, [
    ['namespace', kept.namespace ?? ''],
    ['kept for', `${daysText(days)}${own ? '' : ' (the default)'}`],
    ['runs', executions],
    ['facts', facts],
    ['on disk', sizeText(Number(bytes))],
    ['since', oldestDay],
    ['coming in', rate],
    [
      'forecast',
      then === undefined ? 'without end: nothing is dropped' : `${sizeText(Number(then))} for ${daysText(forecast.days ?? 0)}`,
    ],
  ]);
}

function daysText(days: number): string {
  return days === 0 ? 'ever' : `${days} ${days === 1 ? 'day' : 'days'}`;
}
