import { readBody, type Request } from '@tmws/http';
import { Problem } from '@tmws/problems';
import type { z } from 'zod';

/** The query parameters by their schema. @throws Problem `invalid` that names the parameter */
export function readQuery<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  return read(schema, request.query, 'parameter');
}

/** The path parameters by their schema. @throws Problem `invalid` that names the parameter */
export function readPath<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  return read(schema, request.params, 'parameter');
}

/**
 * A body of JSON by its schema; no body is `{}`.
 *
 * @throws Problem `invalid` that names the field; `unsupported` for another type; `too_large`
 */
export async function readJson<S extends z.ZodType>(schema: S, request: Request, maxBytes: number): Promise<z.output<S>> {
  const body = await readBody(request, maxBytes);
  if (body.length === 0) return read(schema, {}, 'field');
  if (request.is('application/json') === false) {
    const given = JSON.stringify(request.get('content-type') ?? '');
    throw new Problem('unsupported', `the body must be application/json (got ${given})`, { field: 'content-type' });
  }
  return read(schema, parsed(body), 'field');
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw new Problem('invalid', `the body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function read<S extends z.ZodType>(schema: S, value: unknown, what: 'parameter' | 'field'): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const [field = ''] = issue.keys;
    throw new Problem('invalid', `there is no ${what} ${JSON.stringify(field.slice(0, 80))} here; ${issue.message}`, { field });
  }
  // Of a parameter with several values the whole is named, as it was written.
  const path = (issue?.path ?? []).slice(0, what === 'parameter' ? 1 : undefined);
  const field = path.length === 0 ? 'the body' : path.map((part) => String(part)).join('.');
  const got = valueText(path.reduce<unknown>(within, value));
  throw new Problem('invalid', `${field} ${issue?.message ?? 'is wrong'} (got ${got.slice(0, 120)})`, { field });
}

function within(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

// An absent value is no JSON.
function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
