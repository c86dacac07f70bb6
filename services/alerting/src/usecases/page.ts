// Pages of lists whose order is known: a cursor is the place of the last item, so what comes or goes elsewhere moves nothing.
import { Problem } from '@tmws/problems';

/** What an item is ordered by, most important first; ends with something no two items share. */
export type Place = readonly (string | number)[];

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty at the end. */
  readonly nextCursor: string;
  /** Of all pages. */
  readonly total: number;
}

export const mostOfPage = 500;
const usualOfPage = 100;

/** How many items a page has. @throws Problem `invalid` */
export function pageSize(limit: number): number {
  if (limit <= mostOfPage) return limit === 0 ? usualOfPage : limit;
  throw new Problem('invalid', `limit must be 1 to ${mostOfPage}, or 0 for ${usualOfPage} (got ${limit})`, { field: 'limit' });
}

export const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place a cursor names; undefined: none is given. @throws Problem `invalid` */
export function placeOf(cursor: string, shape: readonly ('string' | 'number')[]): Place | undefined {
  if (cursor === '') return undefined;
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(place) && place.length === shape.length && shape.every((type, at) => typeof place[at] === type))
      return place as Place;
  } catch {
    // Said below.
  }
  throw new Problem('invalid', 'cursor must be the nextCursor of a former answer to the same question', { field: 'cursor' });
}

export function comparePlaces(a: Place, b: Place): number {
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at] ?? '', b[at] ?? ''];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** A page of items in their order. @param items  sorted by place */
export function pageOf<T>(
  items: readonly T[],
  place: (item: T) => Place,
  { limit, after }: { limit: number; after: Place | undefined },
): Page<T> {
  let [low, high] = [0, after === undefined ? 0 : items.length];
  while (after !== undefined && low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && comparePlaces(place(item), after) <= 0) low = middle + 1;
    else high = middle;
  }
  const page = items.slice(low, low + limit);
  const last = page.at(-1);
  return {
    items: page,
    nextCursor: last === undefined || low + limit >= items.length ? '' : cursorOf(place(last)),
    total: items.length,
  };
}
