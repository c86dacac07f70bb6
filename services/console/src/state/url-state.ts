// The URL is the state: what a page shows is read from its query and written back to it, typed. A value that says nothing (the default) is left out,
// and one that cannot be read is as if it were absent, so that an old or a mistyped link still opens.

/** A parameter of the query. `write(read(text))` is `text` in its simplest form; '' stands for "leave it out". */
export interface Parameter<T> {
  read(text: string | null): T;
  write(value: T): string;
}

export const text = (absent = ''): Parameter<string> => ({
  read: (given) => given ?? absent,
  write: (value) => (value === absent ? '' : value),
});

export const oneOf = <T extends string>(allowed: readonly [T, ...T[]]): Parameter<T> => ({
  read: (given) => allowed.find((each) => each === given) ?? allowed[0],
  write: (value) => (value === allowed[0] ? '' : value),
});

/** Values with commas between, in order, each once. */
export const list = <T extends string>(allowed?: readonly T[]): Parameter<readonly T[]> => ({
  read: (given) => {
    const parts = new Set((given ?? '').split(',').filter((part) => part !== ''));
    return [...parts].filter((part): part is T => allowed === undefined || (allowed as readonly string[]).includes(part));
  },
  write: (value) => value.join(','),
});

/** On as `1`. */
export const flag: Parameter<boolean> = { read: (given) => given === '1', write: (value) => (value ? '1' : '') };

/** A whole number within limits, both allowed. */
export const whole = (absent: number, least: number, most: number): Parameter<number> => ({
  read: (given) => {
    const value = /^-?\d{1,15}$/.test(given ?? '') ? Number(given) : NaN;
    return value >= least && value <= most ? value : absent;
  },
  write: (value) => (value === absent ? '' : String(value)),
});

/** A part of an axis in seconds after its origin: `12.3s-45s`. To the nanosecond, so that a link shows the same part. */
export interface SecondsSpan {
  fromSeconds: number;
  toSeconds: number;
}
export const span: Parameter<SecondsSpan | undefined> = {
  read: (given) => {
    const found = /^(\d{1,10}(?:\.\d{1,9})?)s-(\d{1,10}(?:\.\d{1,9})?)s$/.exec(given ?? '');
    const [fromSeconds, toSeconds] = [Number(found?.[1]), Number(found?.[2])];
    return fromSeconds < toSeconds ? { fromSeconds, toSeconds } : undefined;
  },
  write: (value) => (value === undefined ? '' : `${seconds(value.fromSeconds)}s-${seconds(value.toSeconds)}s`),
};
const seconds = (value: number): string =>
  Math.max(0, value)
    .toFixed(9)
    .replace(/\.?0+$/, '');

export type Parameters<S> = { readonly [Name in keyof S]: Parameter<S[Name]> };

/** Reads all parameters of a page. */
export function readState<S extends object>(parameters: Parameters<S>, search: URLSearchParams): S {
  const names = Object.keys(parameters) as (keyof S & string)[];
  return Object.fromEntries(names.map((name) => [name, parameters[name].read(search.get(name))])) as S;
}

/** The query's changes for a change of state, for `router.set` or `router.push`. */
export function writeState<S extends object>(parameters: Parameters<S>, changes: Partial<S>): Record<string, string> {
  const names = Object.keys(changes) as (keyof S & string)[];
  return Object.fromEntries(names.map((name) => [name, parameters[name].write(changes[name] as S[typeof name])]));
}
