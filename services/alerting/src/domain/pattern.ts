// Regular expressions of users, in Go's syntax (RE2), by an engine whose time grows only with the text: no pattern can hang the service.
import { RE2JS } from 're2js';

/** A pattern longer than this, or of more instructions, is refused: time per character grows with both. */
export const patternLimits = { length: 4096, instructions: 4000 } as const;

/** Why a text is no pattern that we run. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault';
}

/** The pattern as Go would compile it. Throws PatternFault. */
export function compilePattern(pattern: string): RE2JS {
  if (pattern.length > patternLimits.length) {
    throw new PatternFault(`a regular expression has at most ${patternLimits.length} characters (got ${pattern.length})`);
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternFault(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const size = compiled.programSize();
  if (size > patternLimits.instructions) {
    throw new PatternFault(
      `a regular expression has at most ${patternLimits.instructions} instructions once its repetitions are written out (got ${size}); repeat less`,
    );
  }
  return compiled;
}

/** Whether the whole of a text matches, as everywhere in Alertmanager: `^(?:pattern)$`. Throws PatternFault. */
export function anchored(pattern: string): (text: string) => boolean {
  const whole = `^(?:${pattern})$`;
  try {
    const compiled = compilePattern(whole);
    return (text) => compiled.test(text);
  } catch (error) {
    // People know the pattern they wrote.
    throw error instanceof PatternFault ? new PatternFault(error.message.replaceAll(whole, pattern), { cause: error }) : error;
  }
}
