import type { Requirement } from '../literals/requirement.ts';
import type { CompiledRegex } from '../regex/compile.ts';
import { codeRanges } from './code-blocks.ts';

/** One condition of a rule: a field of the event, held against an expression or a text. */
export type AtrCondition =
  | { readonly field: string; readonly how: 'regex'; readonly regex: CompiledRegex }
  | {
      readonly field: string;
      readonly how: 'contains' | 'exact' | 'starts_with';
      readonly value: string;
      readonly folded: string;
      readonly required: Requirement;
    };

/** The value of a field, as it came and made plain. */
export interface PlainText {
  readonly raw: string;
  readonly plain: string;
}

/** Texts above this are not matched by expressions, as in the package's engine. */
export const longestText = 100_000;

export function requiredBy(condition: AtrCondition): Requirement {
  return condition.how === 'regex' ? condition.regex.required : condition.required;
}

/** Whether the value meets the condition: made plain, or else as it came (an expression may look for what is made plain). */
export function meetsCondition(condition: AtrCondition, { raw, plain }: PlainText, skipsCode: boolean): boolean {
  if (condition.how !== 'regex') {
    if (condition.how === 'exact') return plain === condition.value;
    const lower = plain.toLowerCase();
    return condition.how === 'contains' ? lower.includes(condition.folded) : lower.startsWith(condition.folded);
  }
  const { regex } = condition;
  const found =
    (plain.length <= longestText && regex.test(plain)) || (raw !== plain && raw.length <= longestText && regex.test(raw));
  if (!found || !skipsCode) return found;
  const place = regex.firstPlace(plain);
  return place < 0 || !codeRanges(plain).some(([from, to]) => place >= from && place < to);
}
