// An event as rules see it: fields by name, all texts, where it comes from. Made once an event, read by every rule.
import { foldText } from '../literals/fold.ts';
import { type Logsource, unknownLogsource } from './logsource.ts';
import { valuesAt } from './paths.ts';
import { cutText, type Limits, type Scalar, scalarsOf } from './scalars.ts';

/** One value of a field, as it came and as texts. */
export interface FieldValue {
  readonly raw: Scalar;
  /** Numbers and booleans as JSON writes them; null as the empty text. */
  readonly text: string;
  /** The text without its case. */
  readonly folded: string;
}

export interface EventView {
  readonly logsource: Logsource;
  /** The values of a field (several for arrays), or undefined if the event has no such field. */
  readonly field: (name: string) => readonly FieldValue[] | undefined;
  /** Every value of the event, whatever its field. */
  readonly values: () => readonly FieldValue[];
  /** Whether something was not looked at because the event is above the limits. */
  readonly cut: () => boolean;
}

/** Where events name a field of rules otherwise: the names to try, in order. */
export type FieldMapping = (field: string) => string | readonly string[] | undefined;

export interface ViewOptions {
  readonly logsource?: Logsource;
  readonly mapField?: FieldMapping;
  /** Fields beside those of the event, which win: those a Windows event log hides in its elements. */
  readonly named?: ReadonlyMap<string, unknown>;
}

/**
 * An event as rules see it.
 *
 * A field `a.b` is the key `a.b`, else `b` in `a`; arrays on the way are looked through, `a.0.b` is an element of one.
 *   V1  a field whose value is null exists and has the value null; an absent one does not exist
 *   V2  a text above 256 KiB of units is its first 192 Ki and last 64 Ki units, an event has at most 10,000 values and 32 levels
 *       (`limits`); what lies beyond is not looked at, and `cut` says so
 */
export function viewOf(event: unknown, { logsource = unknownLogsource, mapField, named }: ViewOptions = {}): EventView {
  const limits: Limits = { left: 10_000, cut: false };
  const fields = new Map<string, readonly FieldValue[] | undefined>();
  let all: readonly FieldValue[] | undefined;

  const read = (name: string): readonly FieldValue[] | undefined => {
    const given = named?.get(name);
    const found = given === undefined ? valuesAt(event, name) : [given];
    return found?.flatMap((value) => scalarsOf(value, { left: limits.left, cut: false }).map(fieldValue));
  };
  const field = (name: string): readonly FieldValue[] | undefined => {
    if (fields.has(name)) return fields.get(name);
    const mapped = mapField?.(name) ?? name;
    let values: readonly FieldValue[] | undefined;
    for (const each of typeof mapped === 'string' ? [mapped] : mapped) values ??= read(each);
    fields.set(name, values);
    return values;
  };
  const values = (): readonly FieldValue[] => (all ??= scalarsOf(event, limits).map(fieldValue));
  return {
    logsource,
    field,
    values,
    cut: () => values().some(({ raw, text }) => typeof raw === 'string' && raw.length !== text.length) || limits.cut,
  };
}

export function fieldValue(raw: Scalar): FieldValue {
  const text = typeof raw === 'string' ? cutText(raw) : raw === null ? '' : String(raw);
  let folded: string | undefined;
  return {
    raw,
    text,
    get folded() {
      return (folded ??= foldText(text));
    },
  };
}
