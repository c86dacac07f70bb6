import type { Request } from '@tmws/http';
import { parseInstant } from '../../domain/instant.ts';
import type { SilenceMatcher, WantedSilence } from '../../domain/silence.ts';
import { boolField, type Fields, isFields, kindOf, own, readJson, rfc3339Of, textField, unparsed } from './read-json.ts';
import { refused, required } from './refusal.ts';

/** The silence of `POST /silences`. A start that is not set is now. @throws Refusal, Problem `too_large` */
export async function readSilence(request: Request, nowMs: number): Promise<WantedSilence> {
  const body = await readJson(request, 'silence');
  if (body === undefined) throw required('silence');
  if (body !== null && !isFields(body)) throw unparsed('silence', `it must be an object (got ${kindOf(body)})`);
  const fields = body ?? {};
  const id = textField(fields, 'id', 'silence');
  const [comment, createdBy] = [textField(fields, 'comment', 'silence'), textField(fields, 'createdBy', 'silence')];
  const [startsAt, endsAt] = [time(fields, 'startsAt'), time(fields, 'endsAt')];
  const matchers = own(fields, 'matchers') ?? undefined;
  if (matchers !== undefined && !Array.isArray(matchers)) {
    throw unparsed('silence', `matchers must be an array (got ${kindOf(matchers)})`);
  }
  const read = matchers?.map(readMatcher);
  if (comment === undefined) throw required('comment');
  if (createdBy === undefined) throw required('createdBy');
  if (endsAt === undefined) throw required('endsAt');
  if (read === undefined) throw required('matchers');
  if (read.length === 0) throw refused(612, 'matchers in body should have at least 1 items');
  if (startsAt === undefined) throw required('startsAt');
  return {
    id,
    matchers: read,
    startsAtMs: startsAt === 'absent' ? nowMs : startsAt,
    // Year 1 is before any start.
    endsAtMs: endsAt === 'absent' ? 0 : endsAt,
    createdBy: storable(createdBy),
    comment: storable(comment),
  };
}

function readMatcher(each: unknown, index: number): SilenceMatcher {
  if (!isFields(each)) throw unparsed('silence', `matchers.${index} must be an object (got ${kindOf(each)})`);
  const [name, value] = [textField(each, 'name', 'silence'), textField(each, 'value', 'silence')];
  const isRegex = boolField(each, 'isRegex', 'silence');
  if (isRegex === undefined) throw required(`matchers.${index}.isRegex`);
  if (name === undefined) throw required(`matchers.${index}.name`);
  if (value === undefined) throw required(`matchers.${index}.value`);
  return { name, value: value.toWellFormed(), isRegex, isEqual: boolField(each, 'isEqual', 'silence') ?? true };
}

function time(fields: Fields, field: string): number | 'absent' | undefined {
  const text = textField(fields, field, 'silence');
  if (text === undefined) return undefined;
  const read = parseInstant(rfc3339Of(text) ?? '');
  if (read === undefined) {
    throw unparsed(
      'silence',
      `${field} must be RFC 3339 of the years 1 to 9999, like "2026-01-31T12:00:00Z" (got ${JSON.stringify(text.slice(0, 64))})`,
    );
  }
  return read;
}

/** A text as Postgres keeps it: no NUL, no half of a pair. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
