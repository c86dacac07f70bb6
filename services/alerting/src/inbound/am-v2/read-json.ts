// JSON bodies as Go's Alertmanager reads them: checked field by field, null is "not given", unknown fields are ignored.
import { readBody, type Request } from '@tmws/http';
import { refused, type Refusal } from './refusal.ts';

/** A body may have so many bytes. Alertmanager has no limit; a batch of Prometheus has at most 256 alerts. */
export const maxBodyBytes = 4 * 1024 * 1024;

export type Fields = Readonly<Record<string, unknown>>;

/** The body's value; undefined if there is none. @param what as messages name it: alerts, silence. @throws Refusal */
export async function readJson(request: Request, what: string): Promise<unknown> {
  const bytes = await readBody(request, maxBodyBytes);
  if (bytes.length === 0) return undefined;
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Node shows the body around the mistake.
    throw unparsed(what, reason.replace(/(, )?(\.\.\.)?".*/s, ''));
  }
}

export const unparsed = (what: string, reason: string): Refusal =>
  refused(400, `parsing ${what} body from "" failed, because ${reason}`);

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** In Go's words. */
export const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** A field that is a text, or not given. @throws Refusal for another kind */
export function textField(of: Fields, field: string, what: string): string | undefined {
  const value = own(of, field);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw unparsed(what, `${field} must be a string (got ${kindOf(value)})`);
}

/** As `textField`, of booleans. */
export function boolField(of: Fields, field: string, what: string): boolean | undefined {
  const value = own(of, field);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw unparsed(what, `${field} must be a bool (got ${kindOf(value)})`);
}

export const own = (of: Fields, field: string): unknown => (Object.hasOwn(of, field) ? of[field] : undefined);

// What Alertmanager's `date-time` takes beside RFC 3339: no zone (UTC), no seconds, no time, a blank for the T, a zone without a colon.
const loose = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d(?:\.\d{1,18})?)?)?([Zz]|[+-]\d\d:?\d\d)?$/;

/** A time as it is sent, as RFC 3339 if it is one of the forms Alertmanager takes; anything else as it is. */
export function rfc3339Of(text: string | undefined): string | undefined {
  const found = loose.exec(text ?? '');
  if (found === null) return text;
  const [, day = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = found;
  return `${day}T${minutes}${seconds}${/^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`;
}
