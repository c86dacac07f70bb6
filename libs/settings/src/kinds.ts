/** One setting: an environment variable, how its text becomes a value, and what people are told about it. */
export interface Setting<T> {
  readonly env: string;
  readonly meaning: string;
  /** As it would be written in the environment; absent = no default, the value may be undefined. */
  readonly defaultText: string | undefined;
  /** Its value never appears in a message, and `<ENV>_FILE` may name a file that holds it. */
  readonly secret: boolean;
  /** What a right value looks like: `a port from 0 to 65535`. */
  readonly expects: string;
  /** The value, or undefined if the text is wrong. */
  readonly parse: (text: string) => T | undefined;
}

type With<T> = Setting<T> & { readonly defaultText: string };

function make<T>(
  env: string,
  meaning: string,
  defaultText: string | undefined,
  expects: string,
  parse: Setting<T>['parse'],
): Setting<T> {
  return { env, meaning, defaultText, secret: false, expects, parse };
}

const millisPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time: `250ms`, `30s`, `5m`, `1h`, `7d`. The value is in ms. */
export function duration(env: string, defaultText: string, meaning: string, range: { min: string; max: string }): With<number> {
  const parse = (text: string): number | undefined => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
    return digits === undefined || unit === undefined ? undefined : Number(digits) * (millisPerUnit[unit] ?? 0);
  };
  const min = parse(range.min) ?? 0;
  const max = parse(range.max) ?? Infinity;
  const within = (text: string): number | undefined => {
    const value = parse(text);
    return value !== undefined && value >= min && value <= max ? value : undefined;
  };
  return make(env, meaning, defaultText, `a duration from ${range.min} to ${range.max}, like "30s"`, within) as With<number>;
}

/** A whole number from `min` to `max`. */
export function integer(env: string, defaultValue: number, meaning: string, range: { min: number; max: number }): With<number> {
  const expects = `a whole number from ${range.min} to ${range.max}`;
  const parse = (text: string): number | undefined => {
    const value = Number(text);
    return /^-?\d+$/.test(text) && value >= range.min && value <= range.max ? value : undefined;
  };
  return make(env, meaning, String(defaultValue), expects, parse) as With<number>;
}

/** A TCP port; 0 takes a free one. */
export function port(env: string, defaultValue: number, meaning: string): With<number> {
  return { ...integer(env, defaultValue, meaning, { min: 0, max: 65_535 }), expects: 'a port from 0 to 65535' };
}

/** Free text, with a pattern if only some texts are right. */
export function text(
  env: string,
  defaultText: string,
  meaning: string,
  shape?: { pattern: RegExp; expects: string },
): With<string>;
export function text(
  env: string,
  defaultText: undefined,
  meaning: string,
  shape?: { pattern: RegExp; expects: string },
): Setting<string>;
export function text(
  env: string,
  defaultText: string | undefined,
  meaning: string,
  shape = { pattern: /^[^\0]+$/, expects: 'a text that is not empty' },
): Setting<string> {
  return make(env, meaning, defaultText, shape.expects, (given) => (shape.pattern.test(given) ? given : undefined));
}

/** One of some words. */
export function choice<const T extends string>(env: string, words: readonly T[], defaultText: T, meaning: string): With<T> {
  const parse = (given: string): T | undefined => words.find((word) => word === given);
  return make(env, meaning, defaultText, `one of ${words.join(', ')}`, parse) as With<T>;
}

/** Texts with commas between. */
export function list(env: string, meaning: string, shape: { pattern: RegExp; expects: string }): Setting<string[]> {
  return make(env, meaning, undefined, shape.expects, (given) => {
    const items = given.split(',').map((item) => item.trim());
    return items.length > 0 && items.every((item) => shape.pattern.test(item)) ? items : undefined;
  });
}

/** A text that no log and no message may show; `<ENV>_FILE` may name a file that holds it. */
export function secret(env: string, meaning: string, shape: { pattern: RegExp; expects: string }): Setting<string> {
  return { ...text(env, undefined, meaning, shape), secret: true };
}
