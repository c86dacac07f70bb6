// What a text must hold for a rule to have a chance: clauses of literals, of each clause at least one.

/**
 * Every clause is a set of folded literals; an event that may match has a literal of each clause somewhere in its texts. No clause
 * means nothing can be said beforehand.
 */
export type Requirement = readonly (readonly string[])[];

export const anything: Requirement = [];

const maxLiterals = 512;
const maxClauses = 8;
const minLength = 2;

/** All of them must be possible. */
export function requireAll(parts: readonly Requirement[]): Requirement {
  return parts
    .flat()
    .toSorted((a, b) => worth(b) - worth(a))
    .slice(0, maxClauses);
}

/** One of them must be possible: the best clause of each, together. */
export function requireOne(parts: readonly Requirement[]): Requirement {
  const literals = new Set<string>();
  for (const part of parts) {
    const best = part.toSorted((a, b) => worth(b) - worth(a))[0];
    if (best === undefined) return anything;
    for (const literal of best) literals.add(literal);
  }
  return literals.size === 0 || literals.size > maxLiterals ? anything : [[...literals]];
}

/** One of these literals must be there; nothing can be said if one of them is too short to tell anything. */
export function requireLiteral(literals: readonly string[]): Requirement {
  if (literals.length === 0 || literals.length > maxLiterals || literals.some(({ length }) => length < minLength))
    return anything;
  return [[...new Set(literals)]];
}

/** How much a clause keeps away: the length of its shortest literal, then how few they are. */
function worth(clause: readonly string[]): number {
  return Math.min(...clause.map(({ length }) => Math.min(length, 8))) - Math.log2(clause.length + 1) / 4;
}
