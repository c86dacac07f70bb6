import { exitCodes, Failure } from './failure.ts';

/** As `{a="b", c="d"}` but without what a person does not read: `a=b c="two words"`. */
export function labelsText(labels: Readonly<Record<string, string>> = {}, without: readonly string[] = []): string {
  return Object.entries(labels)
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${/^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value)}`)
    .join(' ');
}

export const isFingerprint = (word: string): boolean => /^[0-9a-f]{16}$/.test(word);

/** `job=~"api.*"` in its parts; quotes around the value may be left out. */
export function matcherOf(word: string): { name: string; operator: string; value: string } {
  const [, name = '', operator = '', value = ''] = /^\s*([^=!~\s]+)\s*(=~|!~|!=|=)\s*([^]*)$/.exec(word) ?? [];
  if (operator === '') {
    throw Failure.of(
      'invalid',
      `${JSON.stringify(word)} is no matcher; write name=value, with = != =~ or !~`,
      undefined,
      exitCodes.usage,
    );
  }
  return { name: unquoted(name), operator, value: unquoted(value) };
}

/** Matchers as the API reads them. */
export const filterOf = (word: string): string => {
  const { name, operator, value } = matcherOf(word);
  return `${/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name)}${operator}${JSON.stringify(value)}`;
};

function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
