import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { changeAlerts } from './alert-change.ts';

/** What is typed, and what it says of the rule. */
const words: Readonly<Record<string, string>> = { true: 'true_positive', false: 'false_positive', none: '' };

/** `tmws alert judge true|false|none`: whether the rule that made them was right. */
export function alertJudge(
  context: Context,
  word: string,
  given: readonly string[],
  { comment }: { comment?: string },
): Promise<number> {
  const verdict = Object.hasOwn(words, word) ? words[word] : undefined;
  if (verdict === undefined)
    throw Failure.of('invalid', `a verdict is true, false or none (got ${JSON.stringify(word)})`, undefined, exitCodes.usage);
  return changeAlerts(context, 'judge', given, { verdict, comment });
}
