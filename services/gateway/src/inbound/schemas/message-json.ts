import { z } from 'zod';

type FieldsOf<Json> = { [K in keyof Required<Json>]: z.ZodType<Json[K]> };

/**
 * The schema of a message's proto3 JSON. The compiler holds it to the generated type: every field is there, with its
 * type, and no other.
 */
export function messageJson<Json extends object>() {
  return <S extends FieldsOf<Json>>(fields: S & Record<Exclude<keyof S, keyof Json>, never>): z.ZodObject<S> => z.object(fields);
}

/** A 64-bit number, which proto3 JSON writes as a decimal text. */
export const int64 = (description: string, example = '1772366400000000000') =>
  z
    .string()
    .regex(/^-?\d+$/)
    .meta({ description, format: 'int64', examples: [example] });

export const count = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [3] });

/** A double, which proto3 JSON writes as a number where it is one. */
export const real = (description: string, example: number) =>
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).meta({ description, examples: [example] });

export const word = (description: string, example = '') => z.string().meta({ description, examples: [example] });

/** RFC 3339, as proto3 JSON writes a Timestamp. */
export const instant = (description: string, example = '2026-03-01T03:10:00Z') =>
  z.string().meta({ description, format: 'date-time', examples: [example] });

export const texts = (description: string, example: readonly string[] = []) =>
  z.array(z.string()).meta({ description, examples: [[...example]] });
