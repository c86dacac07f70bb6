// One way to make case not matter, used by rules, texts and the automaton alike: unit by unit, so that places stay where they are.

const beyondAscii = /[\u0080-\uffff]/;

/**
 * A UTF-16 unit without its case: lower of upper, so `ς`, `σ` and `Σ` are one. A unit outside ASCII never becomes one inside
 * (`K` of Kelvin is not `k`), which is how regular expressions of JavaScript ignore case (ECMA-262, Canonicalize).
 */
export function foldUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1 || upper.charCodeAt(0) < 0x80) return unit;
  const lower = upper.toLowerCase();
  if (lower.length !== 1 || lower.charCodeAt(0) < 0x80) return unit;
  return lower.charCodeAt(0);
}

/** A text without its case; of the same length. */
export function foldText(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase();
  let folded = '';
  for (let i = 0; i < text.length; i += 1) folded += String.fromCharCode(foldUnit(text.charCodeAt(i)));
  return folded;
}
