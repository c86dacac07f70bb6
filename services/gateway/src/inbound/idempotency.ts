import type { Request, Response } from '@tmws/http';
import { callerOf } from '@tmws/http';
import { Problem } from '@tmws/problems';
import { z } from 'zod';
import type { Clock } from '../ports.ts';
import { oncePerKey } from '../usecases/once-per-key.ts';

/** What an operation that reads an Idempotency-Key says of it. */
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .meta({
      description: 'The same key again, within ten minutes, changes nothing and gets the first answer',
      examples: ['6d1f'],
    }),
});

/** Does what a request asks for once for each key of its caller; without a key each time. @throws Problem `invalid`, `conflict` */
export function idempotently<T>(clock: Clock) {
  const once = oncePerKey<T>(clock);
  return async (request: Request, response: Response, asked: unknown, work: () => Promise<T>): Promise<T> => {
    const key = request.get('idempotency-key');
    if (key === undefined) return await work();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new Problem('invalid', 'Idempotency-Key must be 1 to 255 visible ASCII characters', { field: 'idempotency-key' });
    const { namespace, principal } = callerOf(request, response);
    const question = JSON.stringify([request.method, request.path, asked]);
    return await once(JSON.stringify([namespace, principal, key]), question, work);
  };
}
