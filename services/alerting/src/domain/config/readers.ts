// Readers of the kinds of value Alertmanager's file has. Each notes what is wrong and goes on.
import { isMap, isScalar, isSeq } from 'yaml';
import { parsePrometheusDuration } from '../prometheus-duration.ts';
import { Secret } from './secret.ts';
import { isEmpty, type Place, type Reader, shown, sourceOf } from './yaml-reading.ts';

/** Any scalar as text. Secrets that stand in a place of text are the writer's own. */
export const text: Reader<string> = (place) => {
  if (isEmpty(place)) return undefined;
  if (isScalar(place.node)) return sourceOf(place.node);
  place.reading.fault(place, `must be text (got ${shown(place)})`);
  return undefined;
};

/** A text that never prints, and is `<secret>` where the file is shown. */
export const secret: Reader<Secret> = (place) => {
  if (isScalar(place.node)) place.reading.secrets.set(place.node, '<secret>');
  if (isEmpty(place)) return undefined;
  if (isScalar(place.node)) return new Secret(sourceOf(place.node));
  place.reading.fault(place, 'must be text');
  return undefined;
};

/** A secret that is an address of the web; what Alertmanager shows of one, `<secret>`, is taken too. */
export const secretUrl: Reader<Secret> = (place) => {
  const value = secret(place);
  if (value !== undefined && value.reveal() !== '<secret>' && !/^https?:\/\/[^/\s]+/.test(value.reveal())) {
    place.reading.fault(place, 'must be an address that begins with http:// or https:// (it is a secret, so it is not shown)');
  }
  return value;
};

/** As `secretUrl`; shown as an address that leads nowhere, since amtool before 0.26 reads no file in which that of a webhook is none. */
export const webhookUrl: Reader<Secret> = (place) => {
  const value = secretUrl(place);
  if (isScalar(place.node)) place.reading.secrets.set(place.node, 'http://hidden.invalid/<secret>');
  return value;
};

/** `host:port`. */
export const hostPort: Reader<string> = (place) =>
  parsed((value) => (/^[^\s]+:\d{1,5}$/.test(value) ? value : undefined), 'host:port, like "mail.example.org:587"')(place);

/** Of these fields at most one may be set; `read` is what the place amounts to. */
export const atMostOne =
  <T extends object>(read: Reader<T>, ...groups: readonly (readonly string[])[]): Reader<T> =>
  (place) => {
    const value = read(place);
    for (const group of value === undefined ? [] : groups) {
      const set = group.filter((key) => Object.hasOwn(value as object, key));
      if (set.length > 1) place.reading.fault(place, `at most one of ${set.join(' and ')} can be set`);
    }
    return value;
  };

/** A text that a function reads. It throws, or gives undefined, for a text it cannot read; `expected` says what it reads. */
export const parsed =
  <T>(parse: (value: string) => T | undefined, expected: string): Reader<T> =>
  (place) => {
    const value = text(place);
    if (value === undefined) return undefined;
    let result: T | undefined;
    let reason = '';
    try {
      result = parse(value);
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (result === undefined) place.reading.fault(place, `must be ${expected} (got ${shown(place)})${reason}`);
    return result;
  };

export const duration = parsed(parsePrometheusDuration, 'a duration like "30s", "5m" or "1h30m"');

/** YAML 1.1's booleans, as Go reads them. */
const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  y: true,
  false: false,
  no: false,
  off: false,
  n: false,
};
export const bool = parsed((value) => booleans[value.toLowerCase()], 'true or false');

export const count = parsed((value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined), 'a whole number from 0');

export const list =
  <T>(each: Reader<T>): Reader<T[]> =>
  (place) => {
    if (isEmpty(place)) return undefined;
    if (!isSeq(place.node)) {
      place.reading.fault(place, `must be a list (got ${shown(place)})`);
      return undefined;
    }
    return place.node.items.flatMap((item, index) => {
      const at = place.reading.place(item, `${place.path}[${index}]`, place.line);
      if (isEmpty(at)) place.reading.fault(at, 'is empty');
      return each(at) ?? [];
    });
  };

/** A mapping with keys of the writer's choice. */
export const record =
  <T>(each: Reader<T>): Reader<Record<string, T>> =>
  (place) =>
    isEmpty(place)
      ? undefined
      : Object.fromEntries(
          pairs(place).flatMap(([key, at]) => {
            const value = each(at);
            return value === undefined ? [] : [[key, value]];
          }),
        );

type Shape = Readonly<Record<string, Reader<unknown>>>;
export type Read<S extends Shape> = { readonly [K in keyof S]?: S[K] extends Reader<infer T> ? T : never };

/** A mapping of these keys; any other is a fault that names the known ones. */
export const object =
  <S extends Shape>(shape: S): Reader<Read<S>> =>
  (place) => {
    if (isEmpty(place)) return undefined;
    const entries = pairs(place).flatMap(([key, at]) => {
      const reader = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (reader === undefined) {
        place.reading.fault(at, `unknown field ${JSON.stringify(key)}; known are ${Object.keys(shape).join(', ')}`);
        return [];
      }
      const value = reader(at);
      return value === undefined ? [] : [[key, value] as const];
    });
    return Object.fromEntries(entries) as Read<S>;
  };

/** A field that is known and not done: its use is a fault, because ignoring it would do something else than the file says. */
export const unsupported =
  (why: string): Reader<never> =>
  (place) => {
    if (!isEmpty(place)) place.reading.fault(place, why);
    return undefined;
  };

/** A mapping's keys and their places; keys of `<<` are merged in, the mapping's own first. */
function pairs(place: Place): [string, Place][] {
  if (!isMap(place.node)) {
    place.reading.fault(place, `must be a mapping (got ${shown(place)})`);
    return [];
  }
  const found = new Map<string, Place>();
  const merged: Place[] = [];
  for (const { key, value } of place.node.items) {
    const name = isScalar(key) ? sourceOf(key) : String(key);
    const line = place.reading.place(key, '', place.line).line;
    const at = place.reading.place(value, place.path === '' ? name : `${place.path}.${name}`, line);
    if (name === '<<') merged.push(at);
    else found.set(name, { ...at, line });
  }
  for (const at of merged.flatMap((each) =>
    isSeq(each.node) ? each.node.items.map((item) => each.reading.place(item, each.path, each.line)) : [each],
  )) {
    for (const [name, inner] of pairs(at)) if (!found.has(name)) found.set(name, inner);
  }
  return [...found];
}
