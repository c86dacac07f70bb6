// Matchers as people write them, in both syntaxes of Alertmanager: `utf8` (0.27 and later) and `classic` (before). `fallback`, its default,
// reads both and takes the classic reading where the two differ.
import { classicMatcher, classicMatchers } from './classic-matchers.ts';
import { type Matcher, sameMatchers } from './matcher.ts';
import { MatcherFault } from './matcher-fault.ts';
import { utf8Matcher, utf8Matchers } from './utf8-matchers.ts';

export type MatcherMode = 'classic' | 'utf8' | 'fallback';

/** A list: `{a="b",c=~"d"}`, braces optional, also empty. Throws MatcherFault or PatternFault. */
export const parseMatchers = (text: string, mode: MatcherMode): Matcher[] => read(text, mode, classicMatchers, utf8Matchers);

/** One matcher, without braces. Throws MatcherFault or PatternFault. */
export const parseMatcher = (text: string, mode: MatcherMode): Matcher => {
  const [matcher] = read(
    text,
    mode,
    (each) => [classicMatcher(each)],
    (each) => [utf8Matcher(each)],
  );
  if (matcher === undefined) throw new MatcherFault(text, 'there is no matcher in it');
  return matcher;
};

function read(
  text: string,
  mode: MatcherMode,
  classic: (text: string) => Matcher[],
  utf8: (text: string) => Matcher[],
): Matcher[] {
  if (mode === 'classic') return classic(text);
  if (mode === 'utf8') return utf8(text);
  const now = attempt(() => utf8(text));
  const old = attempt(() => classic(text));
  if ('fault' in old) {
    if ('fault' in now) throw now.fault;
    return now.value;
  }
  return 'value' in now && sameMatchers(now.value, old.value) ? now.value : old.value;
}

function attempt<T>(work: () => T): { value: T } | { fault: unknown } {
  try {
    return { value: work() };
  } catch (fault) {
    return { fault };
  }
}
