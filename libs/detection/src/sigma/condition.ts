// The condition of a rule. Sigma rules specification 2.0, "Condition": or < and < not < x of < ( ).
import { RuleFault } from '../fault.ts';

export type Condition =
  | { readonly op: 'and'; readonly parts: readonly Condition[] }
  | { readonly op: 'or'; readonly parts: readonly Condition[] }
  | { readonly op: 'not'; readonly part: Condition }
  | { readonly op: 'identifier'; readonly name: string };

const token = /\s*(?:(\()|(\))|(\|)|([^\s()|]+))/y;
/** Brackets and negations inside one another. */
const deepest = 64;

/**
 * @param names  the search identifiers there are
 * @throws RuleFault what is wrong, naming the word
 */
export function parseCondition(text: string, names: readonly string[]): Condition {
  const words = tokens(text);
  let at = 0;
  let depth = 0;
  const is = (word: string): boolean => words[at]?.toLowerCase() === word;
  const take = (word: string): boolean => is(word) && ++at > 0;

  const linked = (op: 'and' | 'or', inner: () => Condition): Condition => {
    const parts = [inner()];
    while (take(op)) parts.push(inner());
    return parts.length === 1 ? (parts[0] as Condition) : { op, parts };
  };
  const either = (): Condition => linked('or', both);
  const both = (): Condition => linked('and', negation);
  const negation = (): Condition => {
    if ((depth += 1) > deepest) throw new RuleFault(`the condition nests more than ${deepest} deep`);
    const part: Condition = take('not') ? { op: 'not', part: negation() } : term();
    depth -= 1;
    return part;
  };
  const term = (): Condition => {
    const word = words[at];
    if (word === undefined) throw new RuleFault(`the condition ends where a search identifier is due: ${JSON.stringify(text)}`);
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw new RuleFault(`a ( has no ) in ${JSON.stringify(text)}`);
      return inner;
    }
    if (words[at + 1]?.toLowerCase() === 'of') {
      at += 3;
      return quantified(word, words[at - 1], names);
    }
    if (word === ')' || /^(and|or|of)$/i.test(word))
      throw new RuleFault(`a search identifier is due before ${JSON.stringify(word)}`);
    at += 1;
    if (!names.includes(word)) throw new RuleFault(unknownName(word, names));
    return { op: 'identifier', name: word };
  };

  const condition = either();
  const left = words[at];
  if (left === ')') throw new RuleFault(`a ) has no ( in ${JSON.stringify(text)}`);
  if (left !== undefined) throw new RuleFault(`and, or or the end is due before ${JSON.stringify(left)}`);
  return condition;
}

function tokens(text: string): string[] {
  const words: string[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[3] !== undefined)
      throw new RuleFault(
        'aggregations behind a | (count, near, …) are of Sigma 1; write a correlation rule (event_count, value_count, temporal)',
      );
    words.push(found[0].trim());
  }
  if (words.length === 0) throw new RuleFault('the condition is empty; name a search identifier');
  return words;
}

function quantified(quantity: string, pattern: string | undefined, names: readonly string[]): Condition {
  const many = quantity.toLowerCase();
  if (many !== '1' && many !== 'any' && many !== 'all')
    throw new RuleFault(`there is "1 of" and "all of" (got ${JSON.stringify(`${quantity} of`)})`);
  if (pattern === undefined) throw new RuleFault(`"${quantity} of" wants "them" or search identifiers like selection_*`);
  const them = pattern.toLowerCase() === 'them';
  const spelled = new RegExp(`^${pattern.split('*').map(asItIs).join('.*')}$`, 's');
  const meant = names.filter((name) => (them ? !name.startsWith('_') : spelled.test(name)));
  if (meant.length === 0)
    throw new RuleFault(`"${quantity} of ${pattern}" means no search identifier; there are ${listed(names)}`);
  const parts = meant.map((name): Condition => ({ op: 'identifier', name }));
  return parts.length === 1 ? (parts[0] as Condition) : { op: many === 'all' ? 'and' : 'or', parts };
}

/** A text for a pattern that finds just it. */
function asItIs(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function unknownName(word: string, names: readonly string[]): string {
  const hint = word.includes('*') ? `; write "1 of ${word}" or "all of ${word}"` : '';
  return `there is no search identifier ${JSON.stringify(word)}${hint}; there are ${listed(names)}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
