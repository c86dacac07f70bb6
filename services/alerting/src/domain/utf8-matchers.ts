// The matcher syntax of Alertmanager since 0.27: names and values are any UTF-8, quoted as Go strings where they hold reserved characters.
//   list    = [ "{" ] [ matcher { "," matcher } [ "," ] ] [ "}" ]      both braces or none
//   matcher = word operator word        word = quoted | one or more characters but white space and {}!=~,\"'`
import { goUnquote } from './go-text.ts';
import { type Matcher, matcherOf, type MatchOperator } from './matcher.ts';
import { MatcherFault } from './matcher-fault.ts';

type Token = { kind: '{' | '}' | ',' | 'end' } | { kind: 'operator'; operator: MatchOperator } | { kind: 'word'; word: string };

const space = /[\s\u0085]+/uy;
const operator = /=~|!=|!~|=/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
const bare = /[^\s\u0085{}!=~,\\"'`]+/uy;

/** A list with or without braces. Throws MatcherFault or PatternFault. */
export function utf8Matchers(text: string): Matcher[] {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end' };
  const accept = (kind: '{' | '}' | ','): boolean => peek().kind === kind && ++at > 0;
  const matchers: Matcher[] = [];
  const braced = accept('{');
  while (peek().kind !== '}' && peek().kind !== 'end') {
    matchers.push(matcherFrom(text, tokens, at));
    at += 3;
    if (!accept(',')) break;
  }
  if (accept('}') !== braced) throw new MatcherFault(text, braced ? 'it has no closing brace' : 'it has no opening brace');
  if (peek().kind !== 'end') throw new MatcherFault(text, 'a comma or the end should follow each matcher');
  return matchers;
}

/** One matcher; braces are a fault. Throws MatcherFault or PatternFault. */
export function utf8Matcher(text: string): Matcher {
  if (text.startsWith('{') || text.endsWith('}')) throw new MatcherFault(text, 'one matcher has no braces');
  const matchers = utf8Matchers(text);
  const [only] = matchers;
  if (only === undefined || matchers.length > 1)
    throw new MatcherFault(text, `it should be one matcher (it is ${matchers.length})`);
  return only;
}

function matcherFrom(text: string, tokens: readonly Token[], at: number): Matcher {
  const [name, sign, value] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (name?.kind !== 'word') throw new MatcherFault(text, 'a label name is missing');
  if (name.word === '') throw new MatcherFault(text, 'a label name is empty');
  if (sign?.kind !== 'operator') throw new MatcherFault(text, `an operator is missing after ${JSON.stringify(name.word)}`);
  if (value?.kind !== 'word') throw new MatcherFault(text, `a value is missing after ${JSON.stringify(name.word)}; quote it`);
  return matcherOf(name.word, sign.operator, value.word);
}

function tokensOf(text: string): Token[] {
  if (!text.isWellFormed()) throw new MatcherFault(text, 'it is not valid UTF-8');
  const tokens: Token[] = [];
  let at = 0;
  const take = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at;
    const found = shape.exec(text);
    if (found !== null) at += found[0].length;
    return found;
  };
  while (at < text.length) {
    if (take(space) !== null) continue;
    const char = text[at];
    if (char === '{' || char === '}' || char === ',') {
      tokens.push({ kind: char });
      at++;
      continue;
    }
    const sign = take(operator);
    if (sign !== null) {
      tokens.push({ kind: 'operator', operator: sign[0] as MatchOperator });
      continue;
    }
    const string = take(quoted);
    if (string !== null) {
      const word = goUnquote(string[1] ?? '');
      if (word === undefined) throw new MatcherFault(text, `${string[0]} is not a quoted text that Go reads`);
      tokens.push({ kind: 'word', word });
      continue;
    }
    const word = take(bare);
    if (word === null) throw new MatcherFault(text, `${JSON.stringify(char)} needs quotes around it`);
    tokens.push({ kind: 'word', word: word[0] });
  }
  return tokens;
}
